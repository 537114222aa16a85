"""Events about id tokens and the lists of them that lie on stations."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}
_Type = Annotated[Text, told("Its type (2.x IdTokenEnumType); none in OCPP 1.6.")]


class TokenRefused(EventData, frozen=True, kw_only=True, gc=False):
    """Somebody has presented a token that may not charge there and then."""

    type: ClassVar[str] = "voltyard.token.refused.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "token": "04A1B2C3", "token_type": "ISO14443", "status": "not_at_this_time", "reservation": None,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    token: Annotated[Text, told("The token as presented; none for key codes, which are never shown.")] = None
    token_type: _Type = None
    status: Annotated[str, told(
        "Why: blocked, expired, invalid, unknown, concurrent, no_credit, not_allowed_type, not_at_this_location or "
        "not_at_this_time.")]  # fmt: skip
    reservation: Annotated[int | None, told("The reservation for somebody else that it is refused for.")] = None


class TokenCreated(EventData, frozen=True, kw_only=True, gc=False):
    """A token that nobody knew was let in by the rules, and is kept from now on."""

    type: ClassVar[str] = "voltyard.token.created.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"token": "04A1B2C3", "token_type": "ISO14443"}

    station_id: StationId
    station: StationName
    token: Annotated[str, told("The token as presented.")]
    token_type: _Type = None


class LocalListSynced(EventData, frozen=True, kw_only=True, gc=False):
    """The list of tokens on a station is as it shall be."""

    type: ClassVar[str] = "voltyard.local_list.synced.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"version": 17, "entries": 250, "skipped": 0}

    station_id: StationId
    station: StationName
    version: Annotated[int, told("The version of the list that the station has accepted.")]
    entries: Annotated[int, told("Tokens in it.")]
    skipped: Annotated[int, told("Tokens that this station's OCPP version cannot hold.")] = 0


class LocalListFailed(EventData, frozen=True, kw_only=True, gc=False):
    """A station's list of tokens could not be brought up to date."""

    type: ClassVar[str] = "voltyard.local_list.failed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "status": "failed", "error": "the list has 5000 tokens, the station takes 1000",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    status: Annotated[str, told("failed, or unsupported when the station keeps no list.")]
    error: Annotated[str, told("What went wrong and what to do.")]


EVENTS: tuple[type[EventData], ...] = (TokenRefused, TokenCreated, LocalListSynced, LocalListFailed)
