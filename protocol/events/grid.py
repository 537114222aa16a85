"""Events of the grid and of depots: what grid controls do to a station, and batteries that are swapped."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, Instant, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class DerAlarmChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A grid control makes a station deviate from its charging profile, or no longer does (OCPP 2.1, R05)."""

    type: ClassVar[str] = "voltyard.station.der_alarm_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "control_type": "VoltWatt", "active": True, "fault": "OverVoltage", "at": "2026-05-04T12:00:00.000Z",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    control_type: Annotated[str, told("Which type of control, as OCPP names it.")]
    active: Annotated[bool, told("False: the alarm has ended.")]
    fault: Annotated[Text, told("What is wrong with the grid, as OCPP names it.")] = None
    at: Annotated[Instant, told("When it began or ended, by the station's clock.")]


class DerControlChanged(EventData, frozen=True, kw_only=True, gc=False):
    """A scheduled grid control has started at a station, or has ended."""

    type: ClassVar[str] = "voltyard.station.der_control_changed.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "control_id": "volt-watt-7", "started": True, "superseded": ["volt-watt-6"], "at": "2026-05-04T12:00:00.000Z",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    control_id: Annotated[str, told("Which control.")]
    started: Annotated[bool, told("False: it has ended.")]
    superseded: Annotated[tuple[str, ...], told("Controls that count no longer because of it.")] = ()
    at: Annotated[Instant, told("When, by the station's clock.")]


class BatterySwapped(EventData, frozen=True, kw_only=True, gc=False):
    """Batteries were put into a swap station, taken out, or left there although they were offered."""

    type: ClassVar[str] = "voltyard.station.battery_swapped.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "request_id": 17, "what": "in", "serial_numbers": ["B-0001", "B-0002"],
    }  # fmt: skip

    station_id: StationId
    station: StationName
    request_id: Annotated[int, told("What goes in and what comes out for it share this number.")]
    what: Annotated[str, told("in, out or out_timeout.")]
    serial_numbers: Annotated[list[str], told("The batteries.")]


EVENTS: tuple[type[EventData], ...] = (DerAlarmChanged, DerControlChanged, BatterySwapped)
