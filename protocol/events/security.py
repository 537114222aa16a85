"""Events about who may connect, and what stations tell of attacks on themselves."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, Instant, StationId, StationName, Text, told


class SecurityEvent(EventData, frozen=True, kw_only=True, gc=False):
    """A station told of a security event (OCPP use case A04), or a station's credentials turned out to be bad."""

    type: ClassVar[str] = "voltyard.security.event.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = {
        "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001", "event": "TamperDetectionActivated",
        "critical": True, "source": "station", "at": "2026-03-01T08:00:00.000Z", "info": "cabinet door",
        "report_id": "01930c22-2222-7c3e-9a55-3f1f0b6c2d11",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    event: Annotated[str, told("What happened, in the specification's words or the maker's own.")]
    critical: Annotated[bool, told("Whether the specification calls it critical.")]
    source: Annotated[str, told("Who noticed: station, or platform.")] = "station"
    at: Annotated[Instant | None, told("When, as the station says.")] = None
    info: Annotated[Text, told("More about it, as the station says, without secrets.")] = None
    report_id: Annotated[UUID | None, told("Our id of the message as it came.")] = None


class SecurityProfileChanged(EventData, frozen=True, kw_only=True, gc=False):
    """Moving a station up to a security profile is over, one way or the other."""

    type: ClassVar[str] = "voltyard.security.profile_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = {
        "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001", "profile": 2, "reached": True,
        "reason": None,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    profile: Annotated[int, told("The security profile that was wanted.")]
    reached: Annotated[bool, told("Whether the station has come back on it; a lower one is refused from then on.")]
    reason: Annotated[Text, told("Why not, when it has not.")] = None


class ListenerCertificate(EventData, frozen=True, kw_only=True, gc=False):
    """The files of a listener's certificates have changed: the new ones are in use, or cannot be used."""

    type: ClassVar[str] = "voltyard.listener.certificate.v1"
    subject: ClassVar[str] = "listeners/{listener}"
    example: ClassVar[dict[str, Any]] = {
        "listener": "wss://0.0.0.0:9443", "replaced": True, "not_after": "2027-03-01T08:00:00.000Z", "error": None,
    }  # fmt: skip

    listener: Annotated[str, told("Where it listens, as set.")]
    replaced: Annotated[bool, told("True: the new certificates are in use; false: the old ones still are.")]
    not_after: Annotated[Instant, told("Until when the first of those in use counts.")]
    error: Annotated[Text, told("What is wrong with the new ones.")] = None


EVENTS: tuple[type[EventData], ...] = (SecurityEvent, SecurityProfileChanged, ListenerCertificate)
