"""The three OCPP versions Voltyard speaks, and how each is named on the wire."""

import enum


class Version(enum.StrEnum):
    """An OCPP version; the value is what the API shows (`"version": "2.0.1"`)."""

    V16 = "1.6"
    V201 = "2.0.1"
    V21 = "2.1"

    @property
    def subprotocol(self) -> str:
        """The name in `Sec-WebSocket-Protocol` (OCPP-J 1.6, 3.1.2; OCPP 2.0.1 Part 4, 3.1)."""
        return f"ocpp{self.value}"

    @property
    def is_v2(self) -> bool:
        """True for 2.0.1 and 2.1, which share transaction events and the device model."""
        return self is not Version.V16


def from_subprotocol(name: str) -> Version | None:
    """The version a subprotocol names, ignoring case; None when it is none of ours."""
    lowered = name.strip().lower()
    return next((version for version in Version if version.subprotocol == lowered), None)
