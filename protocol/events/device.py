"""Events about a station's device model: what it holds and how it is meant to be."""

from typing import Annotated, Any, ClassVar

from protocol.events.base import EventData, StationId, StationName, Text, told

_STATION = {"station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "station": "CP001"}


class ReportEnded(EventData, frozen=True, kw_only=True, gc=False):
    """A report that came in parts is over: complete, or given up."""

    type: ClassVar[str] = "voltyard.station.report_ended.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {
        "request_id": 71, "complete": True, "kind": "full", "parts": 150, "variables": 3000,
    }  # fmt: skip

    station_id: StationId
    station: StationName
    request_id: Annotated[int, told("The request it answers.")]
    complete: Annotated[bool, told("False: parts are missing, or it never ended; what came is kept.")]
    kind: Annotated[Text, told("full, configuration, summary or custom; null when we did not ask for it.")] = None
    parts: Annotated[int, told("How many parts came.")] = 0
    variables: Annotated[int, told("How many attributes of variables they listed.")] = 0


class TemplateChecked(EventData, frozen=True, kw_only=True, gc=False):
    """A station's values were compared with its template, or brought into line with it."""

    type: ClassVar[str] = "voltyard.station.template_checked.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _STATION | {"drift": 2, "written": 1, "refused": 1, "reboot_required": False}

    station_id: StationId
    station: StationName
    drift: Annotated[int, told("How many values were not as the template says.")]
    written: Annotated[int, told("How many of them the station has taken.")] = 0
    refused: Annotated[int, told("How many it does not take.")] = 0
    reboot_required: Annotated[bool, told("True: some count only after a reboot.")] = False


EVENTS: tuple[type[EventData], ...] = (ReportEnded, TemplateChecked)
