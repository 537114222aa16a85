"""Events about stations."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import Connector, EventData, Instant, OcppVersion, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class StationOnline(EventData, frozen=True, kw_only=True, gc=False):
    """A station has connected. A newer connection of the same station gives a new event."""

    type: ClassVar[str] = "voltyard.station.online.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "version": "2.0.1", "security_profile": 1, "remote_address": "192.0.2.17",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    version: OcppVersion = None
    security_profile: Annotated[int | None, told("OCPP security profile of this connection, 0 to 3.")] = None
    remote_address: Annotated[Text, told("Network address the station connected from.")] = None


class StationOffline(EventData, frozen=True, kw_only=True, gc=False):
    """A station's connection has ended and no newer one has taken its place."""

    type: ClassVar[str] = "voltyard.station.offline.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "ending": "peer_closed", "connected_at": "2026-03-01T08:00:00.000Z",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    ending: Annotated[str, told(
        "Why: peer_closed, peer_silent, replaced, violated, refused, store_silent, stopping or bug.")]  # fmt: skip
    connected_at: Annotated[Instant | None, told("When that connection began.")] = None


class StationBooted(EventData, frozen=True, kw_only=True, gc=False):
    """A BootNotification, and how it was answered."""

    type: ClassVar[str] = "voltyard.station.booted.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "admission": "accepted", "vendor": "Example", "model": "Twin 22", "serial_number": "A-17",
        "firmware_version": "4.2.0", "reason": "PowerUp", "version": "2.0.1",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    admission: Annotated[str, told("Our answer: accepted, pending or rejected.")]
    vendor: Annotated[Text, told("Maker, as the station says.")] = None
    model: Annotated[Text, told("Model, as the station says.")] = None
    serial_number: Annotated[Text, told("Serial number, as the station says.")] = None
    firmware_version: Annotated[Text, told("Firmware version, as the station says.")] = None
    reason: Annotated[Text, told("Why it booted (2.x: BootReasonEnumType).")] = None
    version: OcppVersion = None


class StationStatusChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A connector, an EVSE or the station as a whole has another status or error than before."""

    type: ClassVar[str] = "voltyard.station.status_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "evse": 1, "connector": 1, "status": "Occupied", "previous": "Available", "error": None,
        "since": "2026-03-01T08:30:00.000Z", "session_id": None,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    evse: Annotated[int, told("EVSE number, from 1; 0 is the station as a whole. In 1.6 the connector's number.")]
    connector: Connector
    status: Annotated[str, told("The status, in the words of the station's OCPP version.")]
    since: Annotated[datetime, told("Since when, by the station's clock as corrected by us.", tz=True)]
    previous: Annotated[Text, told("The status before; null when none was known.")] = None
    error: Annotated[Text, told("Error code of the station; null when there is none.")] = None
    vendor_error: Annotated[Text, told("The vendor's own error code.")] = None
    session_id: Annotated[UUID | None, told("The session running there, if any.")] = None


class StationHeldOff(EventData, frozen=True, kw_only=True, gc=False):
    """A station's frames have crashed its actor again and again: it is kept away for a time that grows."""

    type: ClassVar[str] = "voltyard.station.held_off.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "until": "2026-03-01T09:00:00.000Z", "crashes": 3, "reason": "ValueError in MeterValues",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    until: Annotated[datetime, told("When it may come back.", tz=True)]
    crashes: Annotated[int, told("How many times in a row.")]
    reason: Annotated[Text, told("What went wrong the last time.")] = None


class RecordQuarantined(EventData, frozen=True, kw_only=True, gc=False):
    """The database refused the content of a message: it lies in quarantine, raw, and was acknowledged."""

    type: ClassVar[str] = "voltyard.record.quarantined.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "quarantine_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d99", "sqlstate": "22P05",
        "error": "unsupported Unicode escape sequence",
    }  # fmt: skip

    station_id: StationId
    quarantine_id: Annotated[UUID, told("The row in quarantine.")]
    sqlstate: Annotated[str, told("PostgreSQL error code.", min_length=5, max_length=5)]
    error: Annotated[str, told("The database's words.")]
    station: Annotated[Text, told("The station's OCPP identity, where it is known.")] = None


class StationReported(EventData, frozen=True, kw_only=True, gc=False):
    """A station has told something that is kept as it came: under /stations/{station}/reports."""

    type: ClassVar[str] = "voltyard.station.reported.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "action": "NotifyEvent", "report_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d77",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    action: Annotated[str, told("The OCPP action.")]
    report_id: Annotated[UUID, told("The report's id.")]


class StationObjectChanged(EventData, frozen=True, kw_only=True, gc=False):
    """Something that a station holds came, changed or went: a profile, a certificate, a reservation, a monitor …"""

    type: ClassVar[str] = "voltyard.station.object_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "kind": "reservation", "key": "17", "status": "accepted", "removed": False,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    kind: Annotated[str, told("What it is; see /stations/{station}/objects.")]
    key: Annotated[str, told("Which one, within the station and kind.")]
    status: Annotated[Text, told("Its state, where the kind has one.")] = None
    removed: Annotated[bool, told("True when the station no longer holds it.")] = False


class StationObjectsChanged(EventData, frozen=True, kw_only=True, gc=False):
    """All that a station holds of a kind and that fits went or changed its state: read that kind anew.

    Said instead of one event an object where a list or an answer says what is left, or what all was cleared.
    """

    type: ClassVar[str] = "voltyard.station.objects_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "kind": "charging_profile", "fields": ["evse", "purpose"], "keys": None, "kept": 0, "status": None,
        "removed": True,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    kind: Annotated[str, told("What they are; see /stations/{station}/objects.")]
    fields: Annotated[list[str], told("By which of their fields they were chosen; empty: all of the kind.")]
    keys: Annotated[list[str] | None, told("Only these of them, when they were named.")] = None
    kept: Annotated[int, told("How many were named that stay as they are.")] = 0
    status: Annotated[Text, told("The state they got, if any.")] = None
    removed: Annotated[bool, told("True when the station no longer holds them.")]


EVENTS: tuple[type[EventData], ...] = (
    StationOnline, StationOffline, StationBooted, StationStatusChanged, StationHeldOff, RecordQuarantined,
    StationReported, StationObjectChanged, StationObjectsChanged,
)  # fmt: skip
