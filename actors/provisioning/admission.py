"""Whether a station is accepted, and what may be said until it is, in both directions. Pure.

OCPP 2.0.1 Part 2, B01 to B03; 1.6, 4.2. The last answer to its BootNotification counts, over reconnects too; before its
first one, what the operator has set, and a strict station is Pending (actors/station/state.py, before_boot). Settings:
`heartbeat_interval` and `retry_interval` (s), `provisioning` ("template": pending until its template is applied),
`provisioned` (when that was).
"""

from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from actors.device.prompts import Prompt
from actors.station.state import StationState
from actors.station.who import Station
from actors.station.work import Work
from protocol.ocpp import neutral
from protocol.ocpp.version import Version

CALM: Final = timedelta(seconds=10)
"""After a boot nothing is asked for so long (quirk 12)."""
EARLY: Final = "before_acceptance"
"""The quirk of a station that talks before it is accepted, where we listen all the same."""

# What retrieves information or changes the configuration (B02.FR.01); all else has to wait until it is accepted.
_WHILE_PENDING: Final = frozenset((
    "GetVariables", "SetVariables", "GetBaseReport", "GetReport", "TriggerMessage", "SetNetworkProfile", "Reset",
    "GetInstalledCertificateIds", "InstallCertificate", "DeleteCertificate", "CertificateSigned", "GetLog",
    "GetMonitoringReport", "SetMonitoringBase", "SetMonitoringLevel", "SetVariableMonitoring",
    "ClearVariableMonitoring", "GetLocalListVersion", "SendLocalList", "ClearCache", "ChangeAvailability",
    "UpdateFirmware", "DataTransfer", "GetTransactionStatus",
))  # fmt: skip
_NOT_WHILE_PENDING_16: Final = frozenset(("RemoteStartTransaction", "RemoteStopTransaction"))
# 1.6, 4.2 allows what retrieves or changes information: to the letter neither what steers charging nor reservations.
_NOT_WHILE_PENDING_STRICT_16: Final = _NOT_WHILE_PENDING_16 | frozenset((
    "ReserveNow", "CancelReservation", "SetChargingProfile", "ClearChargingProfile", "GetCompositeSchedule",
    "UnlockConnector",
))  # fmt: skip


def boot_answer(state: StationState) -> tuple[str, int]:
    """(accepted, pending or rejected; the interval in seconds) for a boot now (B01.FR.02).

    The interval is that of heartbeats for an accepted station, else until it may ask again.
    """
    status = state.admission
    if status == "accepted" and wants_provisioning(state):
        status = "pending"
    heartbeat = _seconds(state.settings.get("heartbeat_interval")) or state.heartbeat
    if status == "accepted":
        return status, heartbeat
    return status, _seconds(state.settings.get("retry_interval")) or heartbeat


def wants_provisioning(state: StationState) -> bool:
    """True while its template has to be applied before it is accepted."""
    return state.settings.get("provisioning") == "template" and not state.settings.get("provisioned")


def longest_interval(settings: Any, default: int) -> int:
    """The longest a station may be silent by what it was told, in seconds."""
    told = [_seconds(settings.get(name)) or 0 for name in ("heartbeat_interval", "retry_interval")]
    return max(default, *told)


def _seconds(value: Any) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def refusal(
    station: Station, work: Work, message: neutral.Message, prompt: Prompt | None
) -> neutral.RefusedReply | None:
    """What a station that is not accepted is told to a message it may not send; None for one that is taken.

    2.x: SecurityError (B01.FR.10, B02.FR.09, B03.FR.07), but for what we asked for while it is pending. Transactions of
    a pending station are taken unless it is strict, since a station drops billing data after an error. 1.6 names no
    error, so all is taken unless the station is strict.
    """
    state = work.state
    if type(message) is neutral.Booted:
        return None
    pending = state.registration == "pending"
    if pending and (prompt is not None or _of_known_report(state, message)):
        return None
    lenient = station.version is Version.V16 or (pending and type(message) is neutral.TransactionHappened)
    if lenient and not state.strict:
        count = state.quirks.get(EARLY, (0, work.now))[0] + 1
        work.state = replace(state, quirks={**state.quirks, EARLY: (count, work.now)})
        return None
    told = "wait for the retry interval and boot again" if not pending else "only what it was asked for"
    if state.boot is None:
        told = "a BootNotification has to come first"
    return neutral.RefusedReply(f"the station is {state.registration}: {told}", "SecurityError")


def _of_known_report(state: StationState, message: neutral.Message) -> bool:
    return (
        type(message) is neutral.VariablesReported and f"NotifyReport/{message.request_id}" in state.assemblies
    )


def why_not_send(version: Version, state: StationState, action: str) -> str | None:
    """Why that request may not go to the station now; None when it may (B02.FR.01, B02.FR.05, B03.FR.03; 1.6, 4.2)."""
    if state.registration == "accepted":
        return None
    if state.registration == "rejected":
        return "the station was rejected at its last boot: nothing is sent to it until a boot is accepted"
    kept_back = _NOT_WHILE_PENDING_STRICT_16 if state.strict else _NOT_WHILE_PENDING_16
    allowed = action not in kept_back if version is Version.V16 else action in _WHILE_PENDING
    if allowed:
        return None
    return f"the station is pending: {action} has to wait until a boot of it is accepted (see `admission`)"


def after_boot(work: Work, before: dict[str, Any] | None, status: str) -> None:
    """Begins what follows from a boot: provisioning, and reading the device model anew when it may be another.

    B07.FR.14: at the first boot and after a change of firmware or hardware.
    """
    key = str(work.station_id)
    state, boot = work.state, work.state.boot or {}
    if status == "pending" and state.admission == "accepted":
        work.job("provision", {}, key=key, after=CALM)
    if status == "rejected" or state.settings.get("inventory") != "on_change":
        return
    plate = ("vendor", "model", "serial_number", "firmware_version")
    if before is None or any(before.get(name) != boot.get(name) for name in plate):
        work.job("inventory", {}, key=key, after=CALM)


def after_connect(work: Work) -> None:
    """A station of a model that forgets to boot is asked for one, once (quirk 11)."""
    state = work.state
    if state.settings.get("trigger_boot_after_reconnect") and state.registration != "rejected":
        work.job("ask-boot", {"since": work.now.isoformat()}, key=str(work.station_id), after=3 * CALM)
