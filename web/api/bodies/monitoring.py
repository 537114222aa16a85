"""Bodies of the commands for monitors and event streams."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from web.api.bodies.base import Command, Commands, Examples
from web.validation import NotValid

_Id = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Severity = Annotated[int, Meta(ge=0, le=9, description="0 (danger) to 9 (debug)")]
_Name = Annotated[str, Meta(min_length=1, max_length=50)]
Kind = Literal[
    "upper_threshold", "lower_threshold", "delta", "periodic", "periodic_clock_aligned", "target_delta",
    "target_delta_relative",
]

Criterion = Literal["threshold", "delta", "periodic"]


class EvsePart(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """EVSEType of OCPP 2.x."""

    id: _Id
    connectorId: _Id | UnsetType = UNSET  # noqa: N815 - OCPP's own names


class ComponentPart(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """ComponentType of OCPP 2.x."""

    name: _Name
    instance: _Name | UnsetType = UNSET
    evse: EvsePart | UnsetType = UNSET


class VariablePart(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """VariableType of OCPP 2.x."""

    name: _Name
    instance: _Name | UnsetType = UNSET


class StreamPart(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """How often a stream is sent: every `interval` seconds, or as soon as there are `values` values."""

    interval: _Id | UnsetType = UNSET
    values: _Id | UnsetType = UNSET


class SetMonitor(Command, frozen=True, kw_only=True):
    """Watches a variable. `monitor` changes one that is there; `value` is the threshold, the change, or the seconds.

    `stream` (2.1): its values come as a periodic event stream.
    """

    component: ComponentPart
    variable: VariablePart
    type: Kind
    value: float
    severity: _Severity
    monitor: _Id | UnsetType = UNSET
    transaction: bool | UnsetType = UNSET
    stream: StreamPart | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if isinstance(self.stream, StreamPart) and self.stream.interval is UNSET and self.stream.values is UNSET:
            raise NotValid([("/stream", "give `interval`, `values` or both")])  # N11.FR.09
        if self.type == "delta" and self.value < 0:
            raise NotValid([("/value", "a delta cannot be negative")])  # N04.FR.14
        if self.type.startswith("periodic") and self.value <= 0:
            raise NotValid([("/value", "the seconds between two readings, above 0")])
        for name in ("component", "variable", "stream"):
            if name in given:
                given[name] = msgspec.to_builtins(given[name])
        return given


class ClearMonitors(Command, frozen=True, kw_only=True):
    """Removes monitors by their ids."""

    monitors: Annotated[list[_Id], Meta(min_length=1, max_length=1000)]


class MonitoringBase(Command, frozen=True, kw_only=True):
    """Which set of monitors the station starts from; its own monitors may go."""

    base: Literal["all", "factory_default", "hard_wired_only"]


class MonitoringLevel(Command, frozen=True, kw_only=True):
    """The station tells of events up to this severity only."""

    severity: _Severity


class ReportItem(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """What a report is narrowed to."""

    component: ComponentPart
    variable: VariablePart | UnsetType = UNSET


class MonitoringReport(Command, frozen=True, kw_only=True):
    """Asks which monitors there are; without a filter the answer replaces what is known of them."""

    criteria: Annotated[list[Criterion], Meta(min_length=1, max_length=3)] | UnsetType = UNSET
    items: Annotated[list[ReportItem], Meta(min_length=1, max_length=1000)] | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "items" in given:
            given["items"] = msgspec.to_builtins(given["items"])
        return given


class AdjustStream(Command, frozen=True, kw_only=True):
    """Changes how often a stream is sent (2.1)."""

    stream: _Id
    interval: _Id | UnsetType = UNSET
    values: _Id | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "interval" not in given and "values" not in given:
            raise NotValid([("", "give `interval`, `values` or both")])  # N14.FR.01
        return given


class ListStreams(Command, frozen=True, kw_only=True):
    """Asks which streams are open (2.1)."""


COMMANDS: Commands = {
    "set-monitor": SetMonitor,
    "clear-monitors": ClearMonitors,
    "monitoring-base": MonitoringBase,
    "monitoring-level": MonitoringLevel,
    "monitoring-report": MonitoringReport,
    "adjust-stream": AdjustStream,
    "list-streams": ListStreams,
}
EXAMPLES: Examples = {
    "set-monitor": {
        "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}}, "variable": {"name": "Temperature"},
        "type": "upper_threshold", "value": 80, "severity": 4,
    },
    "clear-monitors": {"monitors": [7]},
    "monitoring-base": {"base": "factory_default"},
    "monitoring-level": {"severity": 5},
    "monitoring-report": {},
    "adjust-stream": {"stream": 3, "interval": 30},
    "list-streams": {},
}  # fmt: skip
