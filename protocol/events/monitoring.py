"""Events about what monitors tell."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class MonitorAlerted(EventData, frozen=True, kw_only=True, gc=False):
    """A monitor of a station, or something that it always tells of, has raised or cleared an alert."""

    type: ClassVar[str] = "voltyard.station.monitor_alert.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "alert_id": "01930c22-1111-7c3e-9a55-3f1f0b6c2d12", "component": "Connector", "variable": "Temperature",
        "value": "83.5", "trigger": "Alerting", "cleared": False, "severity": 2, "level": "system_failure",
        "monitor": 7, "at": "2026-03-01T08:30:00.000Z", "evse": 1,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    alert_id: Annotated[UUID, told("Its id under /alerts.")]
    component: Annotated[str, told("The component's name.")]
    variable: Annotated[str, told("The variable's name.")]
    value: Annotated[str, told("Its value.")]
    trigger: Annotated[str, told("Alerting, Delta or Periodic.")]
    cleared: Annotated[bool, told("True when it is over.")]
    at: Annotated[datetime, told("When, by the station's clock as corrected by us.", tz=True)]
    severity: Annotated[int | None, told("0 (danger) to 9 (debug); null when the station names none.")] = None
    level: Annotated[Text, told("The severity in a word.")] = None
    monitor: Annotated[int | None, told("The monitor's id at the station.")] = None
    evse: Annotated[int | None, told("Which EVSE, where the component has one.")] = None
    text: Annotated[Text, told("The station's own words.")] = None


EVENTS: tuple[type[EventData], ...] = (MonitorAlerted,)
