"""What station_objects hold of monitors.

`monitor`, by its id at the station:
    component, variable (as in OCPP), type (UpperThreshold …), value, severity, transaction,
    notification? (EventNotificationEnumType, once a report told), stream? (interval, values). status: null.
`monitoring`, key `base` or `level`: value (the base, or the severity), as we set it last.
`monitoring_report`, by the request's id: parts, missing, complete, filtered. status: Accepted, NotSupported,
    EmptyResultSet, Reporting, Reported.
"""

from typing import Any, Final

MONITOR: Final = "monitor"
SETTING: Final = "monitoring"
REPORT: Final = "monitoring_report"

LEVELS: Final = (
    "danger", "hardware_failure", "system_failure", "critical", "error", "alert", "warning", "notice",
    "informational", "debug",
)  # fmt: skip
"""Severities 0 to 9 in a word (OCPP 2.0.1 Part 2, 2.47 SetMonitoringDataType)."""


def level(severity: Any) -> str | None:
    """The word for a severity."""
    return LEVELS[severity] if isinstance(severity, int) and 0 <= severity < len(LEVELS) else None
