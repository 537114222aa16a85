"""What can be read and changed from outside: one table that serves 1.6 keys and 2.x variables alike."""

import enum
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import attrs

from protocol.ocpp.version import Version
from simulators.station.config import StationConfig


class Access(enum.Enum):
    """Who may do what with a setting (MutabilityEnumType of OCPP 2.x)."""

    READ = "ReadOnly"
    WRITE = "WriteOnly"
    BOTH = "ReadWrite"


@attrs.frozen
class Row:
    """One setting: its 1.6 key, its 2.x component, variable and instance, its data type and who may change it.

    `least`, `most`: of an integer; `options`: the only values there are; `evse`: of its component.
    """

    key: str | None
    component: str | None
    variable: str | None
    default: str
    kind: str = "string"
    access: Access = Access.BOTH
    instance: str | None = None
    unit: str | None = None
    least: int = 0
    most: int = 2**31 - 1
    options: tuple[str, ...] = ()
    evse: int | None = None


_RO, _WO = Access.READ, Access.WRITE
MEASURANDS = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC"

HEARTBEAT = Row("HeartbeatInterval", "OCPPCommCtrlr", "HeartbeatInterval", "300", "integer", unit="s")
SAMPLE_INTERVAL = Row("MeterValueSampleInterval", "SampledDataCtrlr", "TxUpdatedInterval", "60", "integer", unit="s")
SAMPLED = Row("MeterValuesSampledData", "SampledDataCtrlr", "TxUpdatedMeasurands", MEASURANDS, "MemberList")
PLUG_TIMEOUT = Row("ConnectionTimeOut", "TxCtrlr", "EVConnectionTimeOut", "120", "integer", unit="s")
ATTEMPTS = Row("TransactionMessageAttempts", "OCPPCommCtrlr", "MessageAttempts", "3", "integer",
               instance="TransactionEvent")
RETRY_INTERVAL = Row("TransactionMessageRetryInterval", "OCPPCommCtrlr", "MessageAttemptInterval", "10", "integer",
                     instance="TransactionEvent", unit="s")
LOCAL_OFFLINE = Row("LocalAuthorizeOffline", "AuthCtrlr", "LocalAuthorizeOffline", "true", "boolean")
LOCAL_FIRST = Row("LocalPreAuthorize", "AuthCtrlr", "LocalPreAuthorize", "false", "boolean")
UNKNOWN_OFFLINE = Row("AllowOfflineTxForUnknownId", "AuthCtrlr", "OfflineTxForUnknownIdEnabled", "true", "boolean")
AUTHORIZE_REMOTE = Row("AuthorizeRemoteTxRequests", "AuthCtrlr", "AuthorizeRemoteStart", "false", "boolean")
STOP_INVALID = Row("StopTransactionOnInvalidId", "TxCtrlr", "StopTxOnInvalidId", "true", "boolean")
PASSWORD = Row("AuthorizationKey", "SecurityCtrlr", "BasicAuthPassword", "", access=_WO)

ORGANIZATION = Row("CpoName", "SecurityCtrlr", "OrganizationName", "")
CSR_WAIT = Row("CertSigningWaitMinimum", "SecurityCtrlr", "CertSigningWaitMinimum", "60", "integer", unit="s")
CSR_REPEATS = Row("CertSigningRepeatTimes", "SecurityCtrlr", "CertSigningRepeatTimes", "2", "integer")
CHAIN_SIZE = Row("CertificateSignedMaxChainSize", "SecurityCtrlr", "MaxCertificateChainSize", "10000", "integer", _RO)
ROOT_CHECK = Row("AdditionalRootCertificateCheck", "SecurityCtrlr", "AdditionalRootCertificateCheck", "false",
                 "boolean", _RO)
SECC_ID = Row(None, "ISO15118Ctrlr", "SeccId", "")
SECURITY_PROFILE = Row("SecurityProfile", "SecurityCtrlr", "SecurityProfile", "0", "integer", _RO)
RESUMPTION = Row(None, "TxCtrlr", "ResumptionTimeout", "300", "integer", unit="s")
PRIORITY = Row(None, "OCPPCommCtrlr", "NetworkConfigurationPriority", "1", "SequenceList")
LIST_MOST = Row("LocalAuthListMaxLength", "LocalAuthListCtrlr", "Entries", "1000", "integer", _RO)
LIST_SENT = Row("SendLocalListMaxLength", "LocalAuthListCtrlr", "ItemsPerMessage", "100", "integer", _RO)

_TABLE = (
    ORGANIZATION, CSR_WAIT, CSR_REPEATS, CHAIN_SIZE, ROOT_CHECK, SECC_ID,
    HEARTBEAT, SAMPLE_INTERVAL, SAMPLED, PLUG_TIMEOUT, ATTEMPTS, RETRY_INTERVAL, LOCAL_OFFLINE, LOCAL_FIRST,
    UNKNOWN_OFFLINE, AUTHORIZE_REMOTE, STOP_INVALID, PASSWORD,
    Row("ResetRetries", "OCPPCommCtrlr", "ResetRetries", "1", "integer"),
    Row("WebSocketPingInterval", "OCPPCommCtrlr", "WebSocketPingInterval", "0", "integer", unit="s"),
    Row("ClockAlignedDataInterval", "AlignedDataCtrlr", "Interval", "0", "integer", unit="s"),
    Row("LocalAuthListEnabled", "LocalAuthListCtrlr", "Enabled", "true", "boolean"),
    LIST_MOST, LIST_SENT,
    Row("AuthorizationCacheEnabled", "AuthCacheCtrlr", "Enabled", "true", "boolean"),
    Row("GetConfigurationMaxKeys", None, None, "100", "integer", _RO),
    Row("ConnectorPhaseRotation", None, None, "0.RST", "string"),
    Row("StopTransactionOnEVSideDisconnect", None, None, "true", "boolean", _RO),
    Row("UnlockConnectorOnEVSideDisconnect", None, None, "true", "boolean"),
    Row("StopTxnSampledData", None, None, "", "MemberList"),
    Row("StopTxnAlignedData", None, None, "", "MemberList"),
    Row("MeterValuesAlignedData", None, None, "", "MemberList"),
    Row("SupportedFeatureProfiles", None, None,
        "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger", "MemberList", _RO),
    Row("ChargeProfileMaxStackLevel", "SmartChargingCtrlr", "ProfileStackLevel", "10", "integer", _RO),
    Row("ChargingScheduleAllowedChargingRateUnit", "SmartChargingCtrlr", "RateUnit", "A,W", "MemberList", _RO),
    Row("ChargingScheduleMaxPeriods", "SmartChargingCtrlr", "PeriodsPerSchedule", "48", "integer", _RO),
    Row("MaxChargingProfilesInstalled", "SmartChargingCtrlr", "Entries", "30", "integer", _RO,
        instance="ChargingProfiles"),
    SECURITY_PROFILE, RESUMPTION, PRIORITY,
    Row(None, "DeviceDataCtrlr", "ItemsPerMessage", "50", "integer", _RO, instance="GetVariables"),
    Row(None, "DeviceDataCtrlr", "ItemsPerMessage", "50", "integer", _RO, instance="SetVariables"),
    Row(None, "DeviceDataCtrlr", "ItemsPerMessage", "50", "integer", _RO, instance="GetReport"),
    Row(None, "OCPPCommCtrlr", "OfflineThreshold", "0", "integer", unit="s"),
    Row(None, "TxCtrlr", "TxStartPoint", "PowerPathClosed", "MemberList", _RO),
    Row(None, "TxCtrlr", "TxStopPoint", "EVConnected,Authorized", "MemberList", _RO),
    Row(None, "TxCtrlr", "SupportedLimits", "maxCost,maxEnergy,maxTime,maxSoC", "MemberList", _RO),
    Row(None, "DisplayMessageCtrlr", "Enabled", "true", "boolean"),
    Row(None, "DisplayMessageCtrlr", "Available", "true", "boolean", _RO),
    Row(None, "DisplayMessageCtrlr", "SupportedFormats", "ASCII,UTF8,URI", "MemberList", _RO),
    Row(None, "DisplayMessageCtrlr", "SupportedPriorities", "AlwaysFront,InFront,NormalCycle", "MemberList", _RO),
    Row(None, "DisplayMessageCtrlr", "SupportedStates", "Charging,Faulted,Idle,Unavailable", "MemberList", _RO),
    Row(None, "TariffCostCtrlr", "Enabled", "true", "boolean", instance="Tariff"),
    Row(None, "TariffCostCtrlr", "TariffFallbackMessage", "", "string"),
    Row(None, "TariffCostCtrlr", "TotalCostFallbackMessage", "", "string"),
    Row(None, "TariffCostCtrlr", "Currency", "EUR", "string"),
    Row(None, "TxCtrlr", "StopTxOnEVSideDisconnect", "true", "boolean", _RO),
    Row(None, "SampledDataCtrlr", "TxStartedMeasurands", MEASURANDS, "MemberList"),
    Row(None, "SampledDataCtrlr", "TxEndedMeasurands", MEASURANDS, "MemberList"),
    Row(None, "SmartChargingCtrlr", "Enabled", "true", "boolean", _RO),
)


WEB_PAYMENTS: Final = "WebPaymentsCtrlr"


@cache
def _web_payments(evse: int | None) -> tuple[Row, ...]:
    """How codes to pay by on the web are made (2.1): the station's, or those of an EVSE."""
    of = attrs.evolve(Row(None, WEB_PAYMENTS, "", ""), evse=evse)
    return (
        attrs.evolve(of, variable="Enabled", default="false", kind="boolean"),
        attrs.evolve(of, variable="URLTemplate"),
        attrs.evolve(of, variable="URLParameters", default="maxtime,maxenergy,maxcost", kind="MemberList", access=_RO),
        attrs.evolve(of, variable="TOTPVersion", default="v1", kind="OptionList", options=("v1",)),
        attrs.evolve(of, variable="ValidityTime", default="30", kind="integer", unit="s", least=6, most=3600),
        attrs.evolve(of, variable="SharedSecret", access=_WO),
        attrs.evolve(of, variable="Length", default="8", kind="integer", least=6, most=32),
        attrs.evolve(of, variable="RoamingEvseId"),
    )


def _of_21(config: StationConfig) -> Iterator[Row]:
    if config.version is Version.V21:
        for evse in (None, *(outlet.number for outlet in config.outlets)):
            yield from _web_payments(evse)


class Change(enum.Enum):
    """What became of a wish to change a setting."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    UNKNOWN = "Unknown"


class Settings:
    """The station's settings by row; values are text, as both protocols carry them."""

    def __init__(self, config: StationConfig) -> None:
        plate = (
            Row("NumberOfConnectors", None, None, str(len(config.outlets)), "integer", _RO),
            Row(None, "ChargingStation", "VendorName", config.vendor, "string", _RO),
            Row(None, "ChargingStation", "Model", config.model, "string", _RO),
            Row(None, "ChargingStation", "SerialNumber", config.serial, "string", _RO),
            Row(None, "SecurityCtrlr", "Identity", config.identity, "string", _RO),
        )
        self.rows = (*_TABLE, *plate, *_of_21(config))
        self._values: dict[Row, str] = {row: row.default for row in self.rows}
        if config.password is not None:
            self._values[PASSWORD] = config.password

    def by_key(self, key: str) -> Row | None:
        """The row of a 1.6 key, letter case ignored; None when there is none."""
        return next((row for row in self.rows if row.key is not None and row.key.lower() == key.lower()), None)

    def by_variable(self, component: str, variable: str, instance: str | None, evse: int | None = None) -> Row | None:
        """The row of a 2.x variable; a variable that has one instance only is found without naming it."""
        named = [row for row in self.rows if (row.component or "").lower() == component.lower()
                 and (row.variable or "").lower() == variable.lower()]
        if any(row.evse is not None for row in named):
            named = [row for row in named if row.evse == evse]
        exact = [row for row in named if row.instance == instance]
        if exact:
            return exact[0]
        return named[0] if instance is None and len(named) == 1 else None

    def has_component(self, component: str) -> bool:
        """True when any variable belongs to that component."""
        return any((row.component or "").lower() == component.lower() for row in self.rows)

    def web_payments(self, evse: int | None) -> Mapping[str, str]:
        """By variable: how the codes to pay by are made; empty where there is no such controller."""
        return {row.variable: self._values[row] for row in _web_payments(evse) if row.variable and row in self._values}

    def text(self, row: Row) -> str:
        """The present value."""
        return self._values[row]

    def number(self, row: Row) -> int:
        """The present value of an integer row."""
        return int(self._values[row])

    def flag(self, row: Row) -> bool:
        """The present value of a boolean row."""
        return self._values[row].lower() == "true"

    def names(self, row: Row) -> list[str]:
        """The present value of a list row."""
        return [name.strip() for name in self._values[row].split(",") if name.strip()]

    def change(self, row: Row, value: str) -> Change:
        """Set a value from outside: refused when it is read-only or not of the row's type."""
        if row.access is Access.READ:
            return Change.REJECTED
        if row.kind == "integer" and not (value.strip().isdecimal() and row.least <= int(value) <= row.most):
            return Change.REJECTED
        if row.kind == "boolean" and value.strip().lower() not in ("true", "false"):
            return Change.REJECTED
        if row.options and value.strip() not in row.options:
            return Change.REJECTED
        if row is PASSWORD and not 8 <= len(value) <= 64:
            return Change.REJECTED
        self._values[row] = value.strip()
        return Change.ACCEPTED

    def put(self, row: Row, value: str) -> None:
        """Set a value from inside, without asking."""
        self._values[row] = value
