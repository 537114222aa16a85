"""Which energy transfers a token may use, as an authorization says it. Pure. OCPP 2.1 Part 2, Q01.FR.01."""

from msgspec.structs import replace

from actors.station.state import StationState
from protocol.ocpp import neutral
from protocol.ocpp.version import Version


def with_transfers(version: Version, state: StationState, reply: neutral.Reply) -> neutral.Reply:
    """The reply with the operator's list for this station (setting `allowed_energy_transfer`); without one, none.

    Without one nothing is said of it (Q01.FR.08, Q02.FR.03). Set it for stations that speak ISO 15118 and feed back;
    others have no use for it.
    """
    allowed = state.settings.get("allowed_energy_transfer")
    if version is not Version.V21 or not allowed or not isinstance(reply, neutral.AuthorizeReply):
        return reply
    if reply.verdict.status != "accepted":
        return reply
    return replace(reply, allowed_energy_transfer=tuple(allowed))
