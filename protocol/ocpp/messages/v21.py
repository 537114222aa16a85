"""The messages of OCPP 2.1, generated from its JSON Schemas.

Do not edit; change `protocol/ocpp/generating/` and run `python -m protocol.ocpp.generate`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from protocol.ocpp.messages.base import CustomDataType, Message


APNAuthenticationEnumType = Literal["PAP", "CHAP", "NONE", "AUTO"]
AttributeEnumType = Literal["Actual", "Target", "MinSet", "MaxSet"]
AuthorizationStatusEnumType = Literal[
    "Accepted",
    "Blocked",
    "ConcurrentTx",
    "Expired",
    "Invalid",
    "NoCredit",
    "NotAllowedTypeEVSE",
    "NotAtThisLocation",
    "NotAtThisTime",
    "Unknown",
]
AuthorizeCertificateStatusEnumType = Literal[
    "Accepted",
    "SignatureError",
    "CertificateExpired",
    "CertificateRevoked",
    "NoCertificateAvailable",
    "CertChainError",
    "ContractCancelled",
]
BatterySwapEventEnumType = Literal["BatteryIn", "BatteryOut", "BatteryOutTimeout"]
BootReasonEnumType = Literal[
    "ApplicationReset",
    "FirmwareUpdate",
    "LocalReset",
    "PowerUp",
    "RemoteReset",
    "ScheduledReset",
    "Triggered",
    "Unknown",
    "Watchdog",
]
CancelReservationStatusEnumType = Literal["Accepted", "Rejected"]
CertificateActionEnumType = Literal["Install", "Update"]
CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]
CertificateSigningUseEnumType = Literal["ChargingStationCertificate", "V2GCertificate", "V2G20Certificate"]
CertificateStatusEnumType = Literal["Good", "Revoked", "Unknown", "Failed"]
CertificateStatusSourceEnumType = Literal["CRL", "OCSP"]
ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative", "Dynamic"]
ChargingProfilePurposeEnumType = Literal[
    "ChargingStationExternalConstraints",
    "ChargingStationMaxProfile",
    "TxDefaultProfile",
    "TxProfile",
    "PriorityCharging",
    "LocalGeneration",
]
ChargingProfileStatusEnumType = Literal["Accepted", "Rejected"]
ChargingRateUnitEnumType = Literal["W", "A"]
ChargingStateEnumType = Literal["EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE", "Idle"]
ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]
ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]
ClearMessageStatusEnumType = Literal["Accepted", "Unknown", "Rejected"]
ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]
ComponentCriterionEnumType = Literal["Active", "Available", "Enabled", "Problem"]
ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]
ControlModeEnumType = Literal["ScheduledControl", "DynamicControl"]
CostDimensionEnumType = Literal[
    "Energy", "MaxCurrent", "MinCurrent", "MaxPower", "MinPower", "IdleTIme", "ChargingTime"
]
CostKindEnumType = Literal["CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"]
CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]
DERControlEnumType = Literal[
    "EnterService",
    "FreqDroop",
    "FreqWatt",
    "FixedPFAbsorb",
    "FixedPFInject",
    "FixedVar",
    "Gradients",
    "HFMustTrip",
    "HFMayTrip",
    "HVMustTrip",
    "HVMomCess",
    "HVMayTrip",
    "LimitMaxDischarge",
    "LFMustTrip",
    "LVMustTrip",
    "LVMomCess",
    "LVMayTrip",
    "PowerMonitoringMustTrip",
    "VoltVar",
    "VoltWatt",
    "WattPF",
    "WattVar",
]
DERControlStatusEnumType = Literal["Accepted", "Rejected", "NotSupported", "NotFound"]
DERUnitEnumType = Literal["Not_Applicable", "PctMaxW", "PctMaxVar", "PctWAvail", "PctVarAvail", "PctEffectiveV"]
DataEnumType = Literal[
    "string", "decimal", "integer", "dateTime", "boolean", "OptionList", "SequenceList", "MemberList"
]
DataTransferStatusEnumType = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
DayOfWeekEnumType = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
    "LanguageNotSupported",
]
EnergyTransferModeEnumType = Literal[
    "AC_single_phase",
    "AC_two_phase",
    "AC_three_phase",
    "DC",
    "AC_BPT",
    "AC_BPT_DER",
    "AC_DER",
    "DC_BPT",
    "DC_ACDP",
    "DC_ACDP_BPT",
    "WPT",
]
EventNotificationEnumType = Literal[
    "HardWiredNotification", "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
]
EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]
EvseKindEnumType = Literal["AC", "DC"]
FirmwareStatusEnumType = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
]
GenericDeviceModelStatusEnumType = Literal["Accepted", "Rejected", "NotSupported", "EmptyResultSet"]
GenericStatusEnumType = Literal["Accepted", "Rejected"]
GetCertificateIdUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "CSMSRootCertificate",
    "V2GCertificateChain",
    "ManufacturerRootCertificate",
    "OEMRootCertificate",
]
GetCertificateStatusEnumType = Literal["Accepted", "Failed"]
GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]
GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]
GridEventFaultEnumType = Literal[
    "CurrentImbalance",
    "LocalEmergency",
    "LowInputPower",
    "OverCurrent",
    "OverFrequency",
    "OverVoltage",
    "PhaseRotation",
    "RemoteEmergency",
    "UnderFrequency",
    "UnderVoltage",
    "VoltageImbalance",
]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "ManufacturerRootCertificate",
    "CSMSRootCertificate",
    "OEMRootCertificate",
]
IslandingDetectionEnumType = Literal[
    "NoAntiIslandingSupport",
    "RoCoF",
    "UVP_OVP",
    "UFP_OFP",
    "VoltageVectorShift",
    "ZeroCrossingDetection",
    "OtherPassive",
    "ImpedanceMeasurement",
    "ImpedanceAtFrequency",
    "SlipModeFrequencyShift",
    "SandiaFrequencyShift",
    "SandiaVoltageShift",
    "FrequencyJump",
    "RCLQFactor",
    "OtherActive",
]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]
LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet", "Upstream"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Export.Offered",
    "Current.Export.Minimum",
    "Current.Import",
    "Current.Import.Offered",
    "Current.Import.Minimum",
    "Current.Offered",
    "Display.PresentSOC",
    "Display.MinimumSOC",
    "Display.TargetSOC",
    "Display.MaximumSOC",
    "Display.RemainingTimeToMinimumSOC",
    "Display.RemainingTimeToTargetSOC",
    "Display.RemainingTimeToMaximumSOC",
    "Display.ChargingComplete",
    "Display.BatteryEnergyCapacity",
    "Display.InletHot",
    "Energy.Active.Export.Interval",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Interval",
    "Energy.Active.Import.Register",
    "Energy.Active.Import.CableLoss",
    "Energy.Active.Import.LocalGeneration.Register",
    "Energy.Active.Net",
    "Energy.Active.Setpoint.Interval",
    "Energy.Apparent.Export",
    "Energy.Apparent.Import",
    "Energy.Apparent.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Import.Register",
    "Energy.Reactive.Net",
    "EnergyRequest.Target",
    "EnergyRequest.Minimum",
    "EnergyRequest.Maximum",
    "EnergyRequest.Minimum.V2X",
    "EnergyRequest.Maximum.V2X",
    "EnergyRequest.Bulk",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Active.Setpoint",
    "Power.Active.Residual",
    "Power.Export.Minimum",
    "Power.Export.Offered",
    "Power.Factor",
    "Power.Import.Offered",
    "Power.Import.Minimum",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
    "Voltage.Minimum",
    "Voltage.Maximum",
]
MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8", "QRCODE"]
MessagePriorityEnumType = Literal["AlwaysFront", "InFront", "NormalCycle"]
MessageStateEnumType = Literal["Charging", "Faulted", "Idle", "Unavailable", "Suspended", "Discharging"]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "SignV2G20Certificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
    "CustomTrigger",
]
MobilityNeedsModeEnumType = Literal["EVCC", "EVCC_SECC"]
MonitorEnumType = Literal[
    "UpperThreshold",
    "LowerThreshold",
    "Delta",
    "Periodic",
    "PeriodicClockAligned",
    "TargetDelta",
    "TargetDeltaRelative",
]
MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]
MonitoringCriterionEnumType = Literal["ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]
NotifyAllowedEnergyTransferStatusEnumType = Literal["Accepted", "Rejected"]
NotifyEVChargingNeedsStatusEnumType = Literal["Accepted", "Rejected", "Processing", "NoChargingProfile"]
OCPPInterfaceEnumType = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3", "Any"
]
OCPPTransportEnumType = Literal["SOAP", "JSON"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20", "OCPP201", "OCPP21"]
OperationModeEnumType = Literal[
    "Idle",
    "ChargingOnly",
    "CentralSetpoint",
    "ExternalSetpoint",
    "ExternalLimits",
    "CentralFrequency",
    "LocalFrequency",
    "LocalLoadBalancing",
]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]
PaymentStatusEnumType = Literal["Settled", "Canceled", "Rejected", "Failed"]
PhaseEnumType = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
PowerDuringCessationEnumType = Literal["Active", "Reactive"]
PreconditioningStatusEnumType = Literal["Unknown", "Ready", "NotReady", "Preconditioning"]
PriorityChargingStatusEnumType = Literal["Accepted", "Rejected", "NoProfile"]
PublishFirmwareStatusEnumType = Literal[
    "Idle",
    "DownloadScheduled",
    "Downloading",
    "Downloaded",
    "Published",
    "DownloadFailed",
    "DownloadPaused",
    "InvalidChecksum",
    "ChecksumVerified",
    "PublishFailed",
]
ReadingContextEnumType = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Other",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
]
ReasonEnumType = Literal[
    "DeAuthorized",
    "EmergencyStop",
    "EnergyLimitReached",
    "EVDisconnected",
    "GroundFault",
    "ImmediateReset",
    "MasterPass",
    "Local",
    "LocalOutOfCredit",
    "Other",
    "OvercurrentFault",
    "PowerLoss",
    "PowerQuality",
    "Reboot",
    "Remote",
    "SOCLimitReached",
    "StoppedByEV",
    "TimeLimitReached",
    "Timeout",
    "ReqEnergyTransferRejected",
]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]
RegistrationStatusEnumType = Literal["Accepted", "Pending", "Rejected"]
ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]
RequestStartStopStatusEnumType = Literal["Accepted", "Rejected"]
ReservationUpdateStatusEnumType = Literal["Expired", "Removed", "NoTransaction"]
ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetEnumType = Literal["Immediate", "OnIdle", "ImmediateAndResume"]
ResetStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
SendLocalListStatusEnumType = Literal["Accepted", "Failed", "VersionMismatch"]
SetMonitoringStatusEnumType = Literal[
    "Accepted", "UnknownComponent", "UnknownVariable", "UnsupportedMonitorType", "Rejected", "Duplicate"
]
SetNetworkProfileStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
SetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType", "RebootRequired"
]
TariffChangeStatusEnumType = Literal[
    "Accepted", "Rejected", "TooManyElements", "ConditionNotSupported", "TxNotFound", "NoCurrencyChange"
]
TariffClearStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]
TariffCostEnumType = Literal["NormalCost", "MinCost", "MaxCost"]
TariffGetStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]
TariffKindEnumType = Literal["DefaultTariff", "DriverTariff"]
TariffSetStatusEnumType = Literal[
    "Accepted", "Rejected", "TooManyElements", "ConditionNotSupported", "DuplicateTariffId"
]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerReasonEnumType = Literal[
    "AbnormalCondition",
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "CostLimitReached",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "EVDeparted",
    "EVDetected",
    "LimitSet",
    "MeterValueClock",
    "MeterValuePeriodic",
    "OperationModeChanged",
    "RemoteStart",
    "RemoteStop",
    "ResetCommand",
    "RunningCost",
    "SignedDataReceived",
    "SoCLimitReached",
    "StopAuthorized",
    "TariffChanged",
    "TariffNotAccepted",
    "TimeLimitReached",
    "Trigger",
    "TxResumed",
    "UnlockCommand",
]
UnlockStatusEnumType = Literal["Unlocked", "UnlockFailed", "OngoingAuthorizedTransaction", "UnknownConnector"]
UnpublishFirmwareStatusEnumType = Literal["DownloadOngoing", "NoFirmware", "Unpublished"]
UpdateEnumType = Literal["Differential", "Full"]
UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]
UploadLogStatusEnumType = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
    "AcceptedCanceled",
]
VPNEnumType = Literal["IKEv2", "IPSec", "L2TP", "PPTP"]

IntegerFrom0 = Annotated[int, Meta(ge=0)]
IntegerFrom0To100 = Annotated[int, Meta(ge=0, le=100)]
IntegerFrom0To3 = Annotated[int, Meta(ge=0, le=3)]
IntegerFrom1 = Annotated[int, Meta(ge=1)]
NumberFrom0To100 = Annotated[float, Meta(ge=0, le=100)]
NumberTo0 = Annotated[float, Meta(le=0)]
Text100 = Annotated[str, Meta(max_length=100)]
Text1000 = Annotated[str, Meta(max_length=1000)]
Text10000 = Annotated[str, Meta(max_length=10000)]
Text1024 = Annotated[str, Meta(max_length=1024)]
Text11000 = Annotated[str, Meta(max_length=11000)]
Text128 = Annotated[str, Meta(max_length=128)]
Text16 = Annotated[str, Meta(max_length=16)]
Text160 = Annotated[str, Meta(max_length=160)]
Text17000 = Annotated[str, Meta(max_length=17000)]
Text18000 = Annotated[str, Meta(max_length=18000)]
Text20 = Annotated[str, Meta(max_length=20)]
Text200 = Annotated[str, Meta(max_length=200)]
Text2000 = Annotated[str, Meta(max_length=2000)]
Text25 = Annotated[str, Meta(max_length=25)]
Text2500 = Annotated[str, Meta(max_length=2500)]
Text255 = Annotated[str, Meta(max_length=255)]
Text256 = Annotated[str, Meta(max_length=256)]
Text3 = Annotated[str, Meta(max_length=3)]
Text32 = Annotated[str, Meta(max_length=32)]
Text32768 = Annotated[str, Meta(max_length=32768)]
Text36 = Annotated[str, Meta(max_length=36)]
Text40 = Annotated[str, Meta(max_length=40)]
Text48 = Annotated[str, Meta(max_length=48)]
Text50 = Annotated[str, Meta(max_length=50)]
Text500 = Annotated[str, Meta(max_length=500)]
Text512 = Annotated[str, Meta(max_length=512)]
Text5500 = Annotated[str, Meta(max_length=5500)]
Text6 = Annotated[str, Meta(max_length=6)]
Text60 = Annotated[str, Meta(max_length=60)]
Text64 = Annotated[str, Meta(max_length=64)]
Text8 = Annotated[str, Meta(max_length=8)]
Text80 = Annotated[str, Meta(max_length=80)]
Text800 = Annotated[str, Meta(max_length=800)]
Text88 = Annotated[str, Meta(max_length=88)]
Timestamp = Annotated[datetime, Meta(tz=True)]


class ACChargingParametersType(Message, frozen=True, kw_only=True):
    energyAmount: float
    evMinCurrent: float
    evMaxCurrent: float
    evMaxVoltage: float
    customData: CustomDataType | UnsetType = UNSET


class AFRRSignalRequest(Message, frozen=True, kw_only=True):
    timestamp: Timestamp
    signal: int
    customData: CustomDataType | UnsetType = UNSET


class StatusInfoType(Message, frozen=True, kw_only=True):
    reasonCode: Text20
    additionalInfo: Text1024 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AFRRSignalResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class APNType(Message, frozen=True, kw_only=True):
    apn: Text2000
    apnUserName: Text50 | UnsetType = UNSET
    apnPassword: Text64 | UnsetType = UNSET
    simPin: int | UnsetType = UNSET
    preferredNetwork: Text6 | UnsetType = UNSET
    useOnlyPreferredNetwork: bool | UnsetType = UNSET
    apnAuthentication: APNAuthenticationEnumType
    customData: CustomDataType | UnsetType = UNSET


class RationalNumberType(Message, frozen=True, kw_only=True):
    exponent: int
    value: int
    customData: CustomDataType | UnsetType = UNSET


class PriceRuleType(Message, frozen=True, kw_only=True):
    parkingFeePeriod: int | UnsetType = UNSET
    carbonDioxideEmission: IntegerFrom0 | UnsetType = UNSET
    renewableGenerationPercentage: IntegerFrom0To100 | UnsetType = UNSET
    energyFee: RationalNumberType
    parkingFee: RationalNumberType | UnsetType = UNSET
    powerRangeStart: RationalNumberType
    customData: CustomDataType | UnsetType = UNSET


class PriceRuleStackType(Message, frozen=True, kw_only=True):
    duration: int
    priceRule: Annotated[Sequence[PriceRuleType], Meta(min_length=1, max_length=8)]
    customData: CustomDataType | UnsetType = UNSET


class TaxRuleType(Message, frozen=True, kw_only=True):
    taxRuleID: IntegerFrom0
    taxRuleName: Text100 | UnsetType = UNSET
    taxIncludedInPrice: bool | UnsetType = UNSET
    appliesToEnergyFee: bool
    appliesToParkingFee: bool
    appliesToOverstayFee: bool
    appliesToMinimumMaximumCost: bool
    taxRate: RationalNumberType
    customData: CustomDataType | UnsetType = UNSET


class OverstayRuleType(Message, frozen=True, kw_only=True):
    overstayFee: RationalNumberType
    overstayRuleDescription: Text32 | UnsetType = UNSET
    startTime: int
    overstayFeePeriod: int
    customData: CustomDataType | UnsetType = UNSET


class OverstayRuleListType(Message, frozen=True, kw_only=True):
    overstayPowerThreshold: RationalNumberType | UnsetType = UNSET
    overstayRule: Annotated[Sequence[OverstayRuleType], Meta(min_length=1, max_length=5)]
    overstayTimeThreshold: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AdditionalSelectedServicesType(Message, frozen=True, kw_only=True):
    serviceFee: RationalNumberType
    serviceName: Text80
    customData: CustomDataType | UnsetType = UNSET


class AbsolutePriceScheduleType(Message, frozen=True, kw_only=True):
    timeAnchor: Timestamp
    priceScheduleID: IntegerFrom0
    priceScheduleDescription: Text160 | UnsetType = UNSET
    currency: Text3
    language: Text8
    priceAlgorithm: Text2000
    minimumCost: RationalNumberType | UnsetType = UNSET
    maximumCost: RationalNumberType | UnsetType = UNSET
    priceRuleStacks: Annotated[Sequence[PriceRuleStackType], Meta(min_length=1, max_length=1024)]
    taxRules: Annotated[Sequence[TaxRuleType], Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    overstayRuleList: OverstayRuleListType | UnsetType = UNSET
    additionalSelectedServices: (
        Annotated[Sequence[AdditionalSelectedServicesType], Meta(min_length=1, max_length=5)] | UnsetType
    ) = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AdditionalInfoType(Message, frozen=True, kw_only=True):
    additionalIdToken: Text255
    type: Text50
    customData: CustomDataType | UnsetType = UNSET


class AddressType(Message, frozen=True, kw_only=True):
    name: Text50
    address1: Text100
    address2: Text100 | UnsetType = UNSET
    city: Text100
    postalCode: Text20 | UnsetType = UNSET
    country: Text50
    customData: CustomDataType | UnsetType = UNSET


class PeriodicEventStreamParamsType(Message, frozen=True, kw_only=True):
    interval: IntegerFrom0 | UnsetType = UNSET
    values: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AdjustPeriodicEventStreamRequest(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    params: PeriodicEventStreamParamsType
    customData: CustomDataType | UnsetType = UNSET


class AdjustPeriodicEventStreamResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class IdTokenType(Message, frozen=True, kw_only=True):
    additionalInfo: Annotated[Sequence[AdditionalInfoType], Meta(min_length=1)] | UnsetType = UNSET
    idToken: Text255
    type: Text20
    customData: CustomDataType | UnsetType = UNSET


class MessageContentType(Message, frozen=True, kw_only=True):
    format: MessageFormatEnumType
    language: Text8 | UnsetType = UNSET
    content: Text1024
    customData: CustomDataType | UnsetType = UNSET


class IdTokenInfoType(Message, frozen=True, kw_only=True):
    status: AuthorizationStatusEnumType
    cacheExpiryDateTime: Timestamp | UnsetType = UNSET
    chargingPriority: int | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET
    language1: Text8 | UnsetType = UNSET
    language2: Text8 | UnsetType = UNSET
    evseId: Annotated[Sequence[IntegerFrom0], Meta(min_length=1)] | UnsetType = UNSET
    personalMessage: MessageContentType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AuthorizationData(Message, frozen=True, kw_only=True):
    idToken: IdTokenType
    idTokenInfo: IdTokenInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class OCSPRequestDataType(Message, frozen=True, kw_only=True):
    hashAlgorithm: HashAlgorithmEnumType
    issuerNameHash: Text128
    issuerKeyHash: Text128
    serialNumber: Text40
    responderURL: Text2000
    customData: CustomDataType | UnsetType = UNSET


class AuthorizeRequest(Message, frozen=True, kw_only=True):
    idToken: IdTokenType
    certificate: Text10000 | UnsetType = UNSET
    iso15118CertificateHashData: (
        Annotated[Sequence[OCSPRequestDataType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffConditionsType(Message, frozen=True, kw_only=True):
    startTimeOfDay: str | UnsetType = UNSET
    endTimeOfDay: str | UnsetType = UNSET
    dayOfWeek: Annotated[Sequence[DayOfWeekEnumType], Meta(min_length=1, max_length=7)] | UnsetType = UNSET
    validFromDate: str | UnsetType = UNSET
    validToDate: str | UnsetType = UNSET
    evseKind: EvseKindEnumType | UnsetType = UNSET
    minEnergy: float | UnsetType = UNSET
    maxEnergy: float | UnsetType = UNSET
    minCurrent: float | UnsetType = UNSET
    maxCurrent: float | UnsetType = UNSET
    minPower: float | UnsetType = UNSET
    maxPower: float | UnsetType = UNSET
    minTime: int | UnsetType = UNSET
    maxTime: int | UnsetType = UNSET
    minChargingTime: int | UnsetType = UNSET
    maxChargingTime: int | UnsetType = UNSET
    minIdleTime: int | UnsetType = UNSET
    maxIdleTime: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffEnergyPriceType(Message, frozen=True, kw_only=True):
    priceKwh: float
    conditions: TariffConditionsType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TaxRateType(Message, frozen=True, kw_only=True):
    type: Text20
    tax: float
    stack: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffEnergyType(Message, frozen=True, kw_only=True):
    prices: Annotated[Sequence[TariffEnergyPriceType], Meta(min_length=1)]
    taxRates: Annotated[Sequence[TaxRateType], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffTimePriceType(Message, frozen=True, kw_only=True):
    priceMinute: float
    conditions: TariffConditionsType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffTimeType(Message, frozen=True, kw_only=True):
    prices: Annotated[Sequence[TariffTimePriceType], Meta(min_length=1)]
    taxRates: Annotated[Sequence[TaxRateType], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffConditionsFixedType(Message, frozen=True, kw_only=True):
    startTimeOfDay: str | UnsetType = UNSET
    endTimeOfDay: str | UnsetType = UNSET
    dayOfWeek: Annotated[Sequence[DayOfWeekEnumType], Meta(min_length=1, max_length=7)] | UnsetType = UNSET
    validFromDate: str | UnsetType = UNSET
    validToDate: str | UnsetType = UNSET
    evseKind: EvseKindEnumType | UnsetType = UNSET
    paymentBrand: Text20 | UnsetType = UNSET
    paymentRecognition: Text20 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffFixedPriceType(Message, frozen=True, kw_only=True):
    conditions: TariffConditionsFixedType | UnsetType = UNSET
    priceFixed: float
    customData: CustomDataType | UnsetType = UNSET


class TariffFixedType(Message, frozen=True, kw_only=True):
    prices: Annotated[Sequence[TariffFixedPriceType], Meta(min_length=1)]
    taxRates: Annotated[Sequence[TaxRateType], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class PriceType(Message, frozen=True, kw_only=True):
    exclTax: float | UnsetType = UNSET
    inclTax: float | UnsetType = UNSET
    taxRates: Annotated[Sequence[TaxRateType], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TariffType(Message, frozen=True, kw_only=True):
    tariffId: Text60
    description: Annotated[Sequence[MessageContentType], Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    currency: Text3
    energy: TariffEnergyType | UnsetType = UNSET
    validFrom: Timestamp | UnsetType = UNSET
    chargingTime: TariffTimeType | UnsetType = UNSET
    idleTime: TariffTimeType | UnsetType = UNSET
    fixedFee: TariffFixedType | UnsetType = UNSET
    reservationTime: TariffTimeType | UnsetType = UNSET
    reservationFixed: TariffFixedType | UnsetType = UNSET
    minCost: PriceType | UnsetType = UNSET
    maxCost: PriceType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class AuthorizeResponse(Message, frozen=True, kw_only=True):
    idTokenInfo: IdTokenInfoType
    certificateStatus: AuthorizeCertificateStatusEnumType | UnsetType = UNSET
    allowedEnergyTransfer: Annotated[Sequence[EnergyTransferModeEnumType], Meta(min_length=1)] | UnsetType = UNSET
    tariff: TariffType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class BatteryDataType(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    serialNumber: Text50
    soC: NumberFrom0To100
    soH: NumberFrom0To100
    productionDate: Timestamp | UnsetType = UNSET
    vendorInfo: Text500 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class BatterySwapRequest(Message, frozen=True, kw_only=True):
    batteryData: Annotated[Sequence[BatteryDataType], Meta(min_length=1)]
    eventType: BatterySwapEventEnumType
    idToken: IdTokenType
    requestId: int
    customData: CustomDataType | UnsetType = UNSET


class BatterySwapResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ModemType(Message, frozen=True, kw_only=True):
    iccid: Text20 | UnsetType = UNSET
    imsi: Text20 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChargingStationType(Message, frozen=True, kw_only=True):
    serialNumber: Text25 | UnsetType = UNSET
    model: Text20
    modem: ModemType | UnsetType = UNSET
    vendorName: Text50
    firmwareVersion: Text50 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class BootNotificationRequest(Message, frozen=True, kw_only=True):
    chargingStation: ChargingStationType
    reason: BootReasonEnumType
    customData: CustomDataType | UnsetType = UNSET


class BootNotificationResponse(Message, frozen=True, kw_only=True):
    currentTime: Timestamp
    interval: int
    status: RegistrationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CancelReservationRequest(Message, frozen=True, kw_only=True):
    reservationId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class CancelReservationResponse(Message, frozen=True, kw_only=True):
    status: CancelReservationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CertificateHashDataType(Message, frozen=True, kw_only=True):
    hashAlgorithm: HashAlgorithmEnumType
    issuerNameHash: Text128
    issuerKeyHash: Text128
    serialNumber: Text40
    customData: CustomDataType | UnsetType = UNSET


class CertificateHashDataChainType(Message, frozen=True, kw_only=True):
    certificateHashData: CertificateHashDataType
    certificateType: GetCertificateIdUseEnumType
    childCertificateHashData: (
        Annotated[Sequence[CertificateHashDataType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CertificateSignedRequest(Message, frozen=True, kw_only=True):
    certificateChain: Text10000
    certificateType: CertificateSigningUseEnumType | UnsetType = UNSET
    requestId: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CertificateSignedResponse(Message, frozen=True, kw_only=True):
    status: CertificateSignedStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CertificateStatusRequestInfoType(Message, frozen=True, kw_only=True):
    certificateHashData: CertificateHashDataType
    source: CertificateStatusSourceEnumType
    urls: Annotated[Sequence[Text2000], Meta(min_length=1, max_length=5)]
    customData: CustomDataType | UnsetType = UNSET


class CertificateStatusType(Message, frozen=True, kw_only=True):
    certificateHashData: CertificateHashDataType
    source: CertificateStatusSourceEnumType
    status: CertificateStatusEnumType
    nextUpdate: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class EVSEType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    connectorId: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChangeAvailabilityRequest(Message, frozen=True, kw_only=True):
    evse: EVSEType | UnsetType = UNSET
    operationalStatus: OperationalStatusEnumType
    customData: CustomDataType | UnsetType = UNSET


class ChangeAvailabilityResponse(Message, frozen=True, kw_only=True):
    status: ChangeAvailabilityStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChangeTransactionTariffRequest(Message, frozen=True, kw_only=True):
    tariff: TariffType
    transactionId: Text36
    customData: CustomDataType | UnsetType = UNSET


class ChangeTransactionTariffResponse(Message, frozen=True, kw_only=True):
    status: TariffChangeStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChargingLimitType(Message, frozen=True, kw_only=True):
    chargingLimitSource: Text20
    isLocalGeneration: bool | UnsetType = UNSET
    isGridCritical: bool | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class DERChargingParametersType(Message, frozen=True, kw_only=True):
    evSupportedDERControl: Annotated[Sequence[DERControlEnumType], Meta(min_length=1)] | UnsetType = UNSET
    evOverExcitedMaxDischargePower: float | UnsetType = UNSET
    evOverExcitedPowerFactor: float | UnsetType = UNSET
    evUnderExcitedMaxDischargePower: float | UnsetType = UNSET
    evUnderExcitedPowerFactor: float | UnsetType = UNSET
    maxApparentPower: float | UnsetType = UNSET
    maxChargeApparentPower: float | UnsetType = UNSET
    maxChargeApparentPower_L2: float | UnsetType = UNSET
    maxChargeApparentPower_L3: float | UnsetType = UNSET
    maxDischargeApparentPower: float | UnsetType = UNSET
    maxDischargeApparentPower_L2: float | UnsetType = UNSET
    maxDischargeApparentPower_L3: float | UnsetType = UNSET
    maxChargeReactivePower: float | UnsetType = UNSET
    maxChargeReactivePower_L2: float | UnsetType = UNSET
    maxChargeReactivePower_L3: float | UnsetType = UNSET
    minChargeReactivePower: float | UnsetType = UNSET
    minChargeReactivePower_L2: float | UnsetType = UNSET
    minChargeReactivePower_L3: float | UnsetType = UNSET
    maxDischargeReactivePower: float | UnsetType = UNSET
    maxDischargeReactivePower_L2: float | UnsetType = UNSET
    maxDischargeReactivePower_L3: float | UnsetType = UNSET
    minDischargeReactivePower: float | UnsetType = UNSET
    minDischargeReactivePower_L2: float | UnsetType = UNSET
    minDischargeReactivePower_L3: float | UnsetType = UNSET
    nominalVoltage: float | UnsetType = UNSET
    nominalVoltageOffset: float | UnsetType = UNSET
    maxNominalVoltage: float | UnsetType = UNSET
    minNominalVoltage: float | UnsetType = UNSET
    evInverterManufacturer: Text50 | UnsetType = UNSET
    evInverterModel: Text50 | UnsetType = UNSET
    evInverterSerialNumber: Text50 | UnsetType = UNSET
    evInverterSwVersion: Text50 | UnsetType = UNSET
    evInverterHwVersion: Text50 | UnsetType = UNSET
    evIslandingDetectionMethod: Annotated[Sequence[IslandingDetectionEnumType], Meta(min_length=1)] | UnsetType = UNSET
    evIslandingTripTime: float | UnsetType = UNSET
    evMaximumLevel1DCInjection: float | UnsetType = UNSET
    evDurationLevel1DCInjection: float | UnsetType = UNSET
    evMaximumLevel2DCInjection: float | UnsetType = UNSET
    evDurationLevel2DCInjection: float | UnsetType = UNSET
    evReactiveSusceptance: float | UnsetType = UNSET
    evSessionTotalDischargeEnergyAvailable: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class EVPriceRuleType(Message, frozen=True, kw_only=True):
    energyFee: float
    powerRangeStart: float
    customData: CustomDataType | UnsetType = UNSET


class EVAbsolutePriceScheduleEntryType(Message, frozen=True, kw_only=True):
    duration: int
    evPriceRule: Annotated[Sequence[EVPriceRuleType], Meta(min_length=1, max_length=8)]
    customData: CustomDataType | UnsetType = UNSET


class EVAbsolutePriceScheduleType(Message, frozen=True, kw_only=True):
    timeAnchor: Timestamp
    currency: Text3
    evAbsolutePriceScheduleEntries: Annotated[
        Sequence[EVAbsolutePriceScheduleEntryType], Meta(min_length=1, max_length=1024)
    ]
    priceAlgorithm: Text2000
    customData: CustomDataType | UnsetType = UNSET


class EVPowerScheduleEntryType(Message, frozen=True, kw_only=True):
    duration: int
    power: float
    customData: CustomDataType | UnsetType = UNSET


class EVPowerScheduleType(Message, frozen=True, kw_only=True):
    evPowerScheduleEntries: Annotated[Sequence[EVPowerScheduleEntryType], Meta(min_length=1, max_length=1024)]
    timeAnchor: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class EVEnergyOfferType(Message, frozen=True, kw_only=True):
    evAbsolutePriceSchedule: EVAbsolutePriceScheduleType | UnsetType = UNSET
    evPowerSchedule: EVPowerScheduleType
    customData: CustomDataType | UnsetType = UNSET


class DCChargingParametersType(Message, frozen=True, kw_only=True):
    evMaxCurrent: float
    evMaxVoltage: float
    evMaxPower: float | UnsetType = UNSET
    evEnergyCapacity: float | UnsetType = UNSET
    energyAmount: float | UnsetType = UNSET
    stateOfCharge: IntegerFrom0To100 | UnsetType = UNSET
    fullSoC: IntegerFrom0To100 | UnsetType = UNSET
    bulkSoC: IntegerFrom0To100 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class V2XChargingParametersType(Message, frozen=True, kw_only=True):
    minChargePower: float | UnsetType = UNSET
    minChargePower_L2: float | UnsetType = UNSET
    minChargePower_L3: float | UnsetType = UNSET
    maxChargePower: float | UnsetType = UNSET
    maxChargePower_L2: float | UnsetType = UNSET
    maxChargePower_L3: float | UnsetType = UNSET
    minDischargePower: float | UnsetType = UNSET
    minDischargePower_L2: float | UnsetType = UNSET
    minDischargePower_L3: float | UnsetType = UNSET
    maxDischargePower: float | UnsetType = UNSET
    maxDischargePower_L2: float | UnsetType = UNSET
    maxDischargePower_L3: float | UnsetType = UNSET
    minChargeCurrent: float | UnsetType = UNSET
    maxChargeCurrent: float | UnsetType = UNSET
    minDischargeCurrent: float | UnsetType = UNSET
    maxDischargeCurrent: float | UnsetType = UNSET
    minVoltage: float | UnsetType = UNSET
    maxVoltage: float | UnsetType = UNSET
    evTargetEnergyRequest: float | UnsetType = UNSET
    evMinEnergyRequest: float | UnsetType = UNSET
    evMaxEnergyRequest: float | UnsetType = UNSET
    evMinV2XEnergyRequest: float | UnsetType = UNSET
    evMaxV2XEnergyRequest: float | UnsetType = UNSET
    targetSoC: IntegerFrom0To100 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChargingNeedsType(Message, frozen=True, kw_only=True):
    acChargingParameters: ACChargingParametersType | UnsetType = UNSET
    derChargingParameters: DERChargingParametersType | UnsetType = UNSET
    evEnergyOffer: EVEnergyOfferType | UnsetType = UNSET
    requestedEnergyTransfer: EnergyTransferModeEnumType
    dcChargingParameters: DCChargingParametersType | UnsetType = UNSET
    v2xChargingParameters: V2XChargingParametersType | UnsetType = UNSET
    availableEnergyTransfer: Annotated[Sequence[EnergyTransferModeEnumType], Meta(min_length=1)] | UnsetType = UNSET
    controlMode: ControlModeEnumType | UnsetType = UNSET
    mobilityNeedsMode: MobilityNeedsModeEnumType | UnsetType = UNSET
    departureTime: Timestamp | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CostDimensionType(Message, frozen=True, kw_only=True):
    type: CostDimensionEnumType
    volume: float
    customData: CustomDataType | UnsetType = UNSET


class ChargingPeriodType(Message, frozen=True, kw_only=True):
    dimensions: Annotated[Sequence[CostDimensionType], Meta(min_length=1)] | UnsetType = UNSET
    tariffId: Text60 | UnsetType = UNSET
    startPeriod: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class ChargingProfileCriterionType(Message, frozen=True, kw_only=True):
    chargingProfilePurpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stackLevel: IntegerFrom0 | UnsetType = UNSET
    chargingProfileId: Annotated[Sequence[int], Meta(min_length=1)] | UnsetType = UNSET
    chargingLimitSource: Annotated[Sequence[Text20], Meta(min_length=1, max_length=4)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class LimitAtSoCType(Message, frozen=True, kw_only=True):
    soc: IntegerFrom0To100
    limit: float
    customData: CustomDataType | UnsetType = UNSET


class V2XFreqWattPointType(Message, frozen=True, kw_only=True):
    frequency: float
    power: float
    customData: CustomDataType | UnsetType = UNSET


class V2XSignalWattPointType(Message, frozen=True, kw_only=True):
    signal: int
    power: float
    customData: CustomDataType | UnsetType = UNSET


class ChargingSchedulePeriodType(Message, frozen=True, kw_only=True):
    startPeriod: int
    limit: float | UnsetType = UNSET
    limit_L2: float | UnsetType = UNSET
    limit_L3: float | UnsetType = UNSET
    numberPhases: IntegerFrom0To3 | UnsetType = UNSET
    phaseToUse: IntegerFrom0To3 | UnsetType = UNSET
    dischargeLimit: NumberTo0 | UnsetType = UNSET
    dischargeLimit_L2: NumberTo0 | UnsetType = UNSET
    dischargeLimit_L3: NumberTo0 | UnsetType = UNSET
    setpoint: float | UnsetType = UNSET
    setpoint_L2: float | UnsetType = UNSET
    setpoint_L3: float | UnsetType = UNSET
    setpointReactive: float | UnsetType = UNSET
    setpointReactive_L2: float | UnsetType = UNSET
    setpointReactive_L3: float | UnsetType = UNSET
    preconditioningRequest: bool | UnsetType = UNSET
    evseSleep: bool | UnsetType = UNSET
    v2xBaseline: float | UnsetType = UNSET
    operationMode: OperationModeEnumType | UnsetType = UNSET
    v2xFreqWattCurve: Annotated[Sequence[V2XFreqWattPointType], Meta(min_length=1, max_length=20)] | UnsetType = UNSET
    v2xSignalWattCurve: Annotated[Sequence[V2XSignalWattPointType], Meta(min_length=1, max_length=20)] | UnsetType = (
        UNSET
    )
    customData: CustomDataType | UnsetType = UNSET


class RelativeTimeIntervalType(Message, frozen=True, kw_only=True):
    start: int
    duration: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CostType(Message, frozen=True, kw_only=True):
    costKind: CostKindEnumType
    amount: int
    amountMultiplier: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ConsumptionCostType(Message, frozen=True, kw_only=True):
    startValue: float
    cost: Annotated[Sequence[CostType], Meta(min_length=1, max_length=3)]
    customData: CustomDataType | UnsetType = UNSET


class SalesTariffEntryType(Message, frozen=True, kw_only=True):
    relativeTimeInterval: RelativeTimeIntervalType
    ePriceLevel: IntegerFrom0 | UnsetType = UNSET
    consumptionCost: Annotated[Sequence[ConsumptionCostType], Meta(min_length=1, max_length=3)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SalesTariffType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    salesTariffDescription: Text32 | UnsetType = UNSET
    numEPriceLevels: IntegerFrom0 | UnsetType = UNSET
    salesTariffEntry: Annotated[Sequence[SalesTariffEntryType], Meta(min_length=1, max_length=1024)]
    customData: CustomDataType | UnsetType = UNSET


class PriceLevelScheduleEntryType(Message, frozen=True, kw_only=True):
    duration: int
    priceLevel: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class PriceLevelScheduleType(Message, frozen=True, kw_only=True):
    priceLevelScheduleEntries: Annotated[Sequence[PriceLevelScheduleEntryType], Meta(min_length=1, max_length=100)]
    timeAnchor: Timestamp
    priceScheduleId: IntegerFrom0
    priceScheduleDescription: Text32 | UnsetType = UNSET
    numberOfPriceLevels: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class ChargingScheduleType(Message, frozen=True, kw_only=True):
    id: int
    limitAtSoC: LimitAtSoCType | UnsetType = UNSET
    startSchedule: Timestamp | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    chargingRateUnit: ChargingRateUnitEnumType
    minChargingRate: float | UnsetType = UNSET
    powerTolerance: float | UnsetType = UNSET
    signatureId: IntegerFrom0 | UnsetType = UNSET
    digestValue: Text88 | UnsetType = UNSET
    useLocalTime: bool | UnsetType = UNSET
    chargingSchedulePeriod: Annotated[Sequence[ChargingSchedulePeriodType], Meta(min_length=1, max_length=1024)]
    randomizedDelay: IntegerFrom0 | UnsetType = UNSET
    salesTariff: SalesTariffType | UnsetType = UNSET
    absolutePriceSchedule: AbsolutePriceScheduleType | UnsetType = UNSET
    priceLevelSchedule: PriceLevelScheduleType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChargingProfileType(Message, frozen=True, kw_only=True):
    id: int
    stackLevel: IntegerFrom0
    chargingProfilePurpose: ChargingProfilePurposeEnumType
    chargingProfileKind: ChargingProfileKindEnumType
    recurrencyKind: RecurrencyKindEnumType | UnsetType = UNSET
    validFrom: Timestamp | UnsetType = UNSET
    validTo: Timestamp | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    maxOfflineDuration: int | UnsetType = UNSET
    chargingSchedule: Annotated[Sequence[ChargingScheduleType], Meta(min_length=1, max_length=3)]
    invalidAfterOfflineDuration: bool | UnsetType = UNSET
    dynUpdateInterval: int | UnsetType = UNSET
    dynUpdateTime: Timestamp | UnsetType = UNSET
    priceScheduleSignature: Text256 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ChargingScheduleUpdateType(Message, frozen=True, kw_only=True):
    limit: float | UnsetType = UNSET
    limit_L2: float | UnsetType = UNSET
    limit_L3: float | UnsetType = UNSET
    dischargeLimit: NumberTo0 | UnsetType = UNSET
    dischargeLimit_L2: NumberTo0 | UnsetType = UNSET
    dischargeLimit_L3: NumberTo0 | UnsetType = UNSET
    setpoint: float | UnsetType = UNSET
    setpoint_L2: float | UnsetType = UNSET
    setpoint_L3: float | UnsetType = UNSET
    setpointReactive: float | UnsetType = UNSET
    setpointReactive_L2: float | UnsetType = UNSET
    setpointReactive_L3: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearCacheRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ClearCacheResponse(Message, frozen=True, kw_only=True):
    status: ClearCacheStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearChargingProfileType(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0 | UnsetType = UNSET
    chargingProfilePurpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stackLevel: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearChargingProfileRequest(Message, frozen=True, kw_only=True):
    chargingProfileId: int | UnsetType = UNSET
    chargingProfileCriteria: ClearChargingProfileType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearChargingProfileResponse(Message, frozen=True, kw_only=True):
    status: ClearChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearDERControlRequest(Message, frozen=True, kw_only=True):
    isDefault: bool
    controlType: DERControlEnumType | UnsetType = UNSET
    controlId: Text36 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearDERControlResponse(Message, frozen=True, kw_only=True):
    status: DERControlStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearDisplayMessageRequest(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class ClearDisplayMessageResponse(Message, frozen=True, kw_only=True):
    status: ClearMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearMonitoringResultType(Message, frozen=True, kw_only=True):
    status: ClearMonitoringStatusEnumType
    id: IntegerFrom0
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearTariffsRequest(Message, frozen=True, kw_only=True):
    tariffIds: Annotated[Sequence[Text60], Meta(min_length=1)] | UnsetType = UNSET
    evseId: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearTariffsResultType(Message, frozen=True, kw_only=True):
    statusInfo: StatusInfoType | UnsetType = UNSET
    tariffId: Text60 | UnsetType = UNSET
    status: TariffClearStatusEnumType
    customData: CustomDataType | UnsetType = UNSET


class ClearTariffsResponse(Message, frozen=True, kw_only=True):
    clearTariffsResult: Annotated[Sequence[ClearTariffsResultType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class ClearVariableMonitoringRequest(Message, frozen=True, kw_only=True):
    id: Annotated[Sequence[IntegerFrom0], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class ClearVariableMonitoringResponse(Message, frozen=True, kw_only=True):
    clearMonitoringResult: Annotated[Sequence[ClearMonitoringResultType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class ClearedChargingLimitRequest(Message, frozen=True, kw_only=True):
    chargingLimitSource: Text20
    evseId: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ClearedChargingLimitResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ClosePeriodicEventStreamRequest(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class ClosePeriodicEventStreamResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ComponentType(Message, frozen=True, kw_only=True):
    evse: EVSEType | UnsetType = UNSET
    name: Text50
    instance: Text50 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class VariableType(Message, frozen=True, kw_only=True):
    name: Text50
    instance: Text50 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ComponentVariableType(Message, frozen=True, kw_only=True):
    component: ComponentType
    variable: VariableType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CompositeScheduleType(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    duration: int
    scheduleStart: Timestamp
    chargingRateUnit: ChargingRateUnitEnumType
    chargingSchedulePeriod: Annotated[Sequence[ChargingSchedulePeriodType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class ConstantStreamDataType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    params: PeriodicEventStreamParamsType
    variableMonitoringId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class TotalPriceType(Message, frozen=True, kw_only=True):
    exclTax: float | UnsetType = UNSET
    inclTax: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TotalCostType(Message, frozen=True, kw_only=True):
    currency: Text3
    typeOfCost: TariffCostEnumType
    fixed: PriceType | UnsetType = UNSET
    energy: PriceType | UnsetType = UNSET
    chargingTime: PriceType | UnsetType = UNSET
    idleTime: PriceType | UnsetType = UNSET
    reservationTime: PriceType | UnsetType = UNSET
    reservationFixed: PriceType | UnsetType = UNSET
    total: TotalPriceType
    customData: CustomDataType | UnsetType = UNSET


class TotalUsageType(Message, frozen=True, kw_only=True):
    energy: float
    chargingTime: int
    idleTime: int
    reservationTime: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CostDetailsType(Message, frozen=True, kw_only=True):
    chargingPeriods: Annotated[Sequence[ChargingPeriodType], Meta(min_length=1)] | UnsetType = UNSET
    totalCost: TotalCostType
    totalUsage: TotalUsageType
    failureToCalculate: bool | UnsetType = UNSET
    failureReason: Text500 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CostUpdatedRequest(Message, frozen=True, kw_only=True):
    totalCost: float
    transactionId: Text36
    customData: CustomDataType | UnsetType = UNSET


class CostUpdatedResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class CustomerInformationRequest(Message, frozen=True, kw_only=True):
    customerCertificate: CertificateHashDataType | UnsetType = UNSET
    idToken: IdTokenType | UnsetType = UNSET
    requestId: IntegerFrom0
    report: bool
    clear: bool
    customerIdentifier: Text64 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class CustomerInformationResponse(Message, frozen=True, kw_only=True):
    status: CustomerInformationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class DERCurvePointsType(Message, frozen=True, kw_only=True):
    x: float
    y: float
    customData: CustomDataType | UnsetType = UNSET


class HysteresisType(Message, frozen=True, kw_only=True):
    hysteresisHigh: float | UnsetType = UNSET
    hysteresisLow: float | UnsetType = UNSET
    hysteresisDelay: float | UnsetType = UNSET
    hysteresisGradient: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ReactivePowerParamsType(Message, frozen=True, kw_only=True):
    vRef: float | UnsetType = UNSET
    autonomousVRefEnable: bool | UnsetType = UNSET
    autonomousVRefTimeConstant: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class VoltageParamsType(Message, frozen=True, kw_only=True):
    hv10MinMeanValue: float | UnsetType = UNSET
    hv10MinMeanTripDelay: float | UnsetType = UNSET
    powerDuringCessation: PowerDuringCessationEnumType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class DERCurveType(Message, frozen=True, kw_only=True):
    curveData: Annotated[Sequence[DERCurvePointsType], Meta(min_length=1, max_length=10)]
    hysteresis: HysteresisType | UnsetType = UNSET
    priority: IntegerFrom0
    reactivePowerParams: ReactivePowerParamsType | UnsetType = UNSET
    voltageParams: VoltageParamsType | UnsetType = UNSET
    yUnit: DERUnitEnumType
    responseTime: float | UnsetType = UNSET
    startTime: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class DERCurveGetType(Message, frozen=True, kw_only=True):
    curve: DERCurveType
    id: Text36
    curveType: DERControlEnumType
    isDefault: bool
    isSuperseded: bool
    customData: CustomDataType | UnsetType = UNSET


class DataTransferRequest(Message, frozen=True, kw_only=True):
    messageId: Text50 | UnsetType = UNSET
    data: Any = UNSET
    vendorId: Text255
    customData: CustomDataType | UnsetType = UNSET


class DataTransferResponse(Message, frozen=True, kw_only=True):
    status: DataTransferStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    data: Any = UNSET
    customData: CustomDataType | UnsetType = UNSET


class DeleteCertificateRequest(Message, frozen=True, kw_only=True):
    certificateHashData: CertificateHashDataType
    customData: CustomDataType | UnsetType = UNSET


class DeleteCertificateResponse(Message, frozen=True, kw_only=True):
    status: DeleteCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class EnterServiceType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    highVoltage: float
    lowVoltage: float
    highFreq: float
    lowFreq: float
    delay: float | UnsetType = UNSET
    randomDelay: float | UnsetType = UNSET
    rampRate: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class EnterServiceGetType(Message, frozen=True, kw_only=True):
    enterService: EnterServiceType
    id: Text36
    customData: CustomDataType | UnsetType = UNSET


class EventDataType(Message, frozen=True, kw_only=True):
    eventId: IntegerFrom0
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    cause: IntegerFrom0 | UnsetType = UNSET
    actualValue: Text2500
    techCode: Text50 | UnsetType = UNSET
    techInfo: Text500 | UnsetType = UNSET
    cleared: bool | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    component: ComponentType
    variableMonitoringId: IntegerFrom0 | UnsetType = UNSET
    eventNotificationType: EventNotificationEnumType
    variable: VariableType
    severity: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: FirmwareStatusEnumType
    requestId: int | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class FirmwareType(Message, frozen=True, kw_only=True):
    location: Text2000
    retrieveDateTime: Timestamp
    installDateTime: Timestamp | UnsetType = UNSET
    signingCertificate: Text5500 | UnsetType = UNSET
    signature: Text800 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FixedPFType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    displacement: float
    excitation: bool
    startTime: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FixedPFGetType(Message, frozen=True, kw_only=True):
    fixedPF: FixedPFType
    id: Text36
    isDefault: bool
    isSuperseded: bool
    customData: CustomDataType | UnsetType = UNSET


class FixedVarType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    setpoint: float
    unit: DERUnitEnumType
    startTime: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FixedVarGetType(Message, frozen=True, kw_only=True):
    fixedVar: FixedVarType
    id: Text36
    isDefault: bool
    isSuperseded: bool
    customData: CustomDataType | UnsetType = UNSET


class FreqDroopType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    overFreq: float
    underFreq: float
    overDroop: float
    underDroop: float
    responseTime: float
    startTime: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class FreqDroopGetType(Message, frozen=True, kw_only=True):
    freqDroop: FreqDroopType
    id: Text36
    isDefault: bool
    isSuperseded: bool
    customData: CustomDataType | UnsetType = UNSET


class Get15118EVCertificateRequest(Message, frozen=True, kw_only=True):
    iso15118SchemaVersion: Text50
    action: CertificateActionEnumType
    exiRequest: Text11000
    maximumContractCertificateChains: IntegerFrom0 | UnsetType = UNSET
    prioritizedEMAIDs: Annotated[Sequence[Text255], Meta(min_length=1, max_length=8)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class Get15118EVCertificateResponse(Message, frozen=True, kw_only=True):
    status: Iso15118EVCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    exiResponse: Text17000
    remainingContracts: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetBaseReportRequest(Message, frozen=True, kw_only=True):
    requestId: int
    reportBase: ReportBaseEnumType
    customData: CustomDataType | UnsetType = UNSET


class GetBaseReportResponse(Message, frozen=True, kw_only=True):
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetCertificateChainStatusRequest(Message, frozen=True, kw_only=True):
    certificateStatusRequests: Annotated[Sequence[CertificateStatusRequestInfoType], Meta(min_length=1, max_length=4)]
    customData: CustomDataType | UnsetType = UNSET


class GetCertificateChainStatusResponse(Message, frozen=True, kw_only=True):
    certificateStatus: Annotated[Sequence[CertificateStatusType], Meta(min_length=1, max_length=4)]
    customData: CustomDataType | UnsetType = UNSET


class GetCertificateStatusRequest(Message, frozen=True, kw_only=True):
    ocspRequestData: OCSPRequestDataType
    customData: CustomDataType | UnsetType = UNSET


class GetCertificateStatusResponse(Message, frozen=True, kw_only=True):
    status: GetCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    ocspResult: Text18000 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetChargingProfilesRequest(Message, frozen=True, kw_only=True):
    requestId: int
    evseId: IntegerFrom0 | UnsetType = UNSET
    chargingProfile: ChargingProfileCriterionType
    customData: CustomDataType | UnsetType = UNSET


class GetChargingProfilesResponse(Message, frozen=True, kw_only=True):
    status: GetChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetCompositeScheduleRequest(Message, frozen=True, kw_only=True):
    duration: int
    chargingRateUnit: ChargingRateUnitEnumType | UnsetType = UNSET
    evseId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class GetCompositeScheduleResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    schedule: CompositeScheduleType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetDERControlRequest(Message, frozen=True, kw_only=True):
    requestId: int
    isDefault: bool | UnsetType = UNSET
    controlType: DERControlEnumType | UnsetType = UNSET
    controlId: Text36 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetDERControlResponse(Message, frozen=True, kw_only=True):
    status: DERControlStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetDisplayMessagesRequest(Message, frozen=True, kw_only=True):
    id: Annotated[Sequence[IntegerFrom0], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    priority: MessagePriorityEnumType | UnsetType = UNSET
    state: MessageStateEnumType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetDisplayMessagesResponse(Message, frozen=True, kw_only=True):
    status: GetDisplayMessagesStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetInstalledCertificateIdsRequest(Message, frozen=True, kw_only=True):
    certificateType: Annotated[Sequence[GetCertificateIdUseEnumType], Meta(min_length=1)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetInstalledCertificateIdsResponse(Message, frozen=True, kw_only=True):
    status: GetInstalledCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    certificateHashDataChain: Annotated[Sequence[CertificateHashDataChainType], Meta(min_length=1)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetLocalListVersionRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class GetLocalListVersionResponse(Message, frozen=True, kw_only=True):
    versionNumber: int
    customData: CustomDataType | UnsetType = UNSET


class LogParametersType(Message, frozen=True, kw_only=True):
    remoteLocation: Text2000
    oldestTimestamp: Timestamp | UnsetType = UNSET
    latestTimestamp: Timestamp | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetLogRequest(Message, frozen=True, kw_only=True):
    log: LogParametersType
    logType: LogEnumType
    requestId: int
    retries: IntegerFrom0 | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetLogResponse(Message, frozen=True, kw_only=True):
    status: LogStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    filename: Text255 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetMonitoringReportRequest(Message, frozen=True, kw_only=True):
    componentVariable: Annotated[Sequence[ComponentVariableType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    monitoringCriteria: (
        Annotated[Sequence[MonitoringCriterionEnumType], Meta(min_length=1, max_length=3)] | UnsetType
    ) = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetMonitoringReportResponse(Message, frozen=True, kw_only=True):
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetPeriodicEventStreamRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class GetPeriodicEventStreamResponse(Message, frozen=True, kw_only=True):
    constantStreamData: Annotated[Sequence[ConstantStreamDataType], Meta(min_length=1)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetReportRequest(Message, frozen=True, kw_only=True):
    componentVariable: Annotated[Sequence[ComponentVariableType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    componentCriteria: Annotated[Sequence[ComponentCriterionEnumType], Meta(min_length=1, max_length=4)] | UnsetType = (
        UNSET
    )
    customData: CustomDataType | UnsetType = UNSET


class GetReportResponse(Message, frozen=True, kw_only=True):
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetTariffsRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class TariffAssignmentType(Message, frozen=True, kw_only=True):
    tariffId: Text60
    tariffKind: TariffKindEnumType
    validFrom: Timestamp | UnsetType = UNSET
    evseIds: Annotated[Sequence[IntegerFrom0], Meta(min_length=1)] | UnsetType = UNSET
    idTokens: Annotated[Sequence[Text255], Meta(min_length=1)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetTariffsResponse(Message, frozen=True, kw_only=True):
    status: TariffGetStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    tariffAssignments: Annotated[Sequence[TariffAssignmentType], Meta(min_length=1)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetTransactionStatusRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class GetTransactionStatusResponse(Message, frozen=True, kw_only=True):
    ongoingIndicator: bool | UnsetType = UNSET
    messagesInQueue: bool
    customData: CustomDataType | UnsetType = UNSET


class GetVariableDataType(Message, frozen=True, kw_only=True):
    attributeType: AttributeEnumType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType
    customData: CustomDataType | UnsetType = UNSET


class GetVariableResultType(Message, frozen=True, kw_only=True):
    attributeStatus: GetVariableStatusEnumType
    attributeStatusInfo: StatusInfoType | UnsetType = UNSET
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeValue: Text2500 | UnsetType = UNSET
    component: ComponentType
    variable: VariableType
    customData: CustomDataType | UnsetType = UNSET


class GetVariablesRequest(Message, frozen=True, kw_only=True):
    getVariableData: Annotated[Sequence[GetVariableDataType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class GetVariablesResponse(Message, frozen=True, kw_only=True):
    getVariableResult: Annotated[Sequence[GetVariableResultType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class GradientType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    gradient: float
    softGradient: float
    customData: CustomDataType | UnsetType = UNSET


class GradientGetType(Message, frozen=True, kw_only=True):
    gradient: GradientType
    id: Text36
    customData: CustomDataType | UnsetType = UNSET


class HeartbeatRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class HeartbeatResponse(Message, frozen=True, kw_only=True):
    currentTime: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class InstallCertificateRequest(Message, frozen=True, kw_only=True):
    certificateType: InstallCertificateUseEnumType
    certificate: Text10000
    customData: CustomDataType | UnsetType = UNSET


class InstallCertificateResponse(Message, frozen=True, kw_only=True):
    status: InstallCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class LimitMaxDischargeType(Message, frozen=True, kw_only=True):
    priority: IntegerFrom0
    pctMaxDischargePower: float | UnsetType = UNSET
    powerMonitoringMustTrip: DERCurveType | UnsetType = UNSET
    startTime: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class LimitMaxDischargeGetType(Message, frozen=True, kw_only=True):
    id: Text36
    isDefault: bool
    isSuperseded: bool
    limitMaxDischarge: LimitMaxDischargeType
    customData: CustomDataType | UnsetType = UNSET


class LogStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: UploadLogStatusEnumType
    requestId: int | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class LogStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class MessageInfoType(Message, frozen=True, kw_only=True):
    display: ComponentType | UnsetType = UNSET
    id: IntegerFrom0
    priority: MessagePriorityEnumType
    state: MessageStateEnumType | UnsetType = UNSET
    startDateTime: Timestamp | UnsetType = UNSET
    endDateTime: Timestamp | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    message: MessageContentType
    messageExtra: Annotated[Sequence[MessageContentType], Meta(min_length=1, max_length=4)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SignedMeterValueType(Message, frozen=True, kw_only=True):
    signedMeterData: Text32768
    signingMethod: Text50 | UnsetType = UNSET
    encodingMethod: Text50
    publicKey: Text2500 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class UnitOfMeasureType(Message, frozen=True, kw_only=True):
    unit: Text20 | UnsetType = UNSET
    multiplier: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SampledValueType(Message, frozen=True, kw_only=True):
    value: float
    measurand: MeasurandEnumType | UnsetType = UNSET
    context: ReadingContextEnumType | UnsetType = UNSET
    phase: PhaseEnumType | UnsetType = UNSET
    location: LocationEnumType | UnsetType = UNSET
    signedMeterValue: SignedMeterValueType | UnsetType = UNSET
    unitOfMeasure: UnitOfMeasureType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class MeterValueType(Message, frozen=True, kw_only=True):
    sampledValue: Annotated[Sequence[SampledValueType], Meta(min_length=1)]
    timestamp: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class MeterValuesRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    meterValue: Annotated[Sequence[MeterValueType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class MeterValuesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class VariableMonitoringType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    transaction: bool
    value: float
    type: MonitorEnumType
    severity: IntegerFrom0
    eventNotificationType: EventNotificationEnumType
    customData: CustomDataType | UnsetType = UNSET


class MonitoringDataType(Message, frozen=True, kw_only=True):
    component: ComponentType
    variable: VariableType
    variableMonitoring: Annotated[Sequence[VariableMonitoringType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class VPNType(Message, frozen=True, kw_only=True):
    server: Text2000
    user: Text50
    group: Text50 | UnsetType = UNSET
    password: Text64
    key: Text255
    type: VPNEnumType
    customData: CustomDataType | UnsetType = UNSET


class NetworkConnectionProfileType(Message, frozen=True, kw_only=True):
    apn: APNType | UnsetType = UNSET
    ocppVersion: OCPPVersionEnumType | UnsetType = UNSET
    ocppInterface: OCPPInterfaceEnumType
    ocppTransport: OCPPTransportEnumType
    messageTimeout: int
    ocppCsmsUrl: Text2000
    securityProfile: IntegerFrom0
    identity: Text48 | UnsetType = UNSET
    basicAuthPassword: Text64 | UnsetType = UNSET
    vpn: VPNType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyAllowedEnergyTransferRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36
    allowedEnergyTransfer: Annotated[Sequence[EnergyTransferModeEnumType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class NotifyAllowedEnergyTransferResponse(Message, frozen=True, kw_only=True):
    status: NotifyAllowedEnergyTransferStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyChargingLimitRequest(Message, frozen=True, kw_only=True):
    chargingSchedule: Annotated[Sequence[ChargingScheduleType], Meta(min_length=1)] | UnsetType = UNSET
    evseId: IntegerFrom0 | UnsetType = UNSET
    chargingLimit: ChargingLimitType
    customData: CustomDataType | UnsetType = UNSET


class NotifyChargingLimitResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyCustomerInformationRequest(Message, frozen=True, kw_only=True):
    data: Text512
    tbc: bool | UnsetType = UNSET
    seqNo: IntegerFrom0
    generatedAt: Timestamp
    requestId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class NotifyCustomerInformationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyDERAlarmRequest(Message, frozen=True, kw_only=True):
    controlType: DERControlEnumType
    gridEventFault: GridEventFaultEnumType | UnsetType = UNSET
    alarmEnded: bool | UnsetType = UNSET
    timestamp: Timestamp
    extraInfo: Text200 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyDERAlarmResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyDERStartStopRequest(Message, frozen=True, kw_only=True):
    controlId: Text36
    started: bool
    timestamp: Timestamp
    supersededIds: Annotated[Sequence[Text36], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyDERStartStopResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyDisplayMessagesRequest(Message, frozen=True, kw_only=True):
    messageInfo: Annotated[Sequence[MessageInfoType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    tbc: bool | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyDisplayMessagesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyEVChargingNeedsRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom1
    maxScheduleTuples: IntegerFrom0 | UnsetType = UNSET
    chargingNeeds: ChargingNeedsType
    timestamp: Timestamp | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyEVChargingNeedsResponse(Message, frozen=True, kw_only=True):
    status: NotifyEVChargingNeedsStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyEVChargingScheduleRequest(Message, frozen=True, kw_only=True):
    timeBase: Timestamp
    chargingSchedule: ChargingScheduleType
    evseId: IntegerFrom1
    selectedChargingScheduleId: IntegerFrom0 | UnsetType = UNSET
    powerToleranceAcceptance: bool | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyEVChargingScheduleResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyEventRequest(Message, frozen=True, kw_only=True):
    generatedAt: Timestamp
    tbc: bool | UnsetType = UNSET
    seqNo: IntegerFrom0
    eventData: Annotated[Sequence[EventDataType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class NotifyEventResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyMonitoringReportRequest(Message, frozen=True, kw_only=True):
    monitor: Annotated[Sequence[MonitoringDataType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    tbc: bool | UnsetType = UNSET
    seqNo: IntegerFrom0
    generatedAt: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class NotifyMonitoringReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class StreamDataElementType(Message, frozen=True, kw_only=True):
    t: float
    v: Text2500
    customData: CustomDataType | UnsetType = UNSET


class NotifyPeriodicEventStream(Message, frozen=True, kw_only=True):
    data: Annotated[Sequence[StreamDataElementType], Meta(min_length=1)]
    id: IntegerFrom0
    pending: IntegerFrom0
    basetime: Timestamp
    customData: CustomDataType | UnsetType = UNSET


class NotifyPriorityChargingRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36
    activated: bool
    customData: CustomDataType | UnsetType = UNSET


class NotifyPriorityChargingResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class VariableAttributeType(Message, frozen=True, kw_only=True):
    type: AttributeEnumType | UnsetType = UNSET
    value: Text2500 | UnsetType = UNSET
    mutability: MutabilityEnumType | UnsetType = UNSET
    persistent: bool | UnsetType = UNSET
    constant: bool | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class VariableCharacteristicsType(Message, frozen=True, kw_only=True):
    unit: Text16 | UnsetType = UNSET
    dataType: DataEnumType
    minLimit: float | UnsetType = UNSET
    maxLimit: float | UnsetType = UNSET
    maxElements: IntegerFrom1 | UnsetType = UNSET
    valuesList: Text1000 | UnsetType = UNSET
    supportsMonitoring: bool
    customData: CustomDataType | UnsetType = UNSET


class ReportDataType(Message, frozen=True, kw_only=True):
    component: ComponentType
    variable: VariableType
    variableAttribute: Annotated[Sequence[VariableAttributeType], Meta(min_length=1, max_length=4)]
    variableCharacteristics: VariableCharacteristicsType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyReportRequest(Message, frozen=True, kw_only=True):
    requestId: int
    generatedAt: Timestamp
    reportData: Annotated[Sequence[ReportDataType], Meta(min_length=1)] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    seqNo: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class NotifyReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifySettlementRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36 | UnsetType = UNSET
    pspRef: Text255
    status: PaymentStatusEnumType
    statusInfo: Text500 | UnsetType = UNSET
    settlementAmount: float
    settlementTime: Timestamp
    receiptId: Text50 | UnsetType = UNSET
    receiptUrl: Text2000 | UnsetType = UNSET
    vatCompany: AddressType | UnsetType = UNSET
    vatNumber: Text20 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifySettlementResponse(Message, frozen=True, kw_only=True):
    receiptUrl: Text2000 | UnsetType = UNSET
    receiptId: Text50 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class NotifyWebPaymentStartedRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    timeout: int
    customData: CustomDataType | UnsetType = UNSET


class NotifyWebPaymentStartedResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class OpenPeriodicEventStreamRequest(Message, frozen=True, kw_only=True):
    constantStreamData: ConstantStreamDataType
    customData: CustomDataType | UnsetType = UNSET


class OpenPeriodicEventStreamResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class PublishFirmwareRequest(Message, frozen=True, kw_only=True):
    location: Text2000
    retries: IntegerFrom0 | UnsetType = UNSET
    checksum: Text32
    requestId: IntegerFrom0
    retryInterval: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class PublishFirmwareResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class PublishFirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: PublishFirmwareStatusEnumType
    location: Annotated[Sequence[Text2000], Meta(min_length=1)] | UnsetType = UNSET
    requestId: IntegerFrom0 | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class PublishFirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class PullDynamicScheduleUpdateRequest(Message, frozen=True, kw_only=True):
    chargingProfileId: int
    customData: CustomDataType | UnsetType = UNSET


class PullDynamicScheduleUpdateResponse(Message, frozen=True, kw_only=True):
    scheduleUpdate: ChargingScheduleUpdateType | UnsetType = UNSET
    status: ChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ReportChargingProfilesRequest(Message, frozen=True, kw_only=True):
    requestId: int
    chargingLimitSource: Text20
    chargingProfile: Annotated[Sequence[ChargingProfileType], Meta(min_length=1)]
    tbc: bool | UnsetType = UNSET
    evseId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class ReportChargingProfilesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ReportDERControlRequest(Message, frozen=True, kw_only=True):
    curve: Annotated[Sequence[DERCurveGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    enterService: Annotated[Sequence[EnterServiceGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    fixedPFAbsorb: Annotated[Sequence[FixedPFGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    fixedPFInject: Annotated[Sequence[FixedPFGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    fixedVar: Annotated[Sequence[FixedVarGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    freqDroop: Annotated[Sequence[FreqDroopGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    gradient: Annotated[Sequence[GradientGetType], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    limitMaxDischarge: Annotated[Sequence[LimitMaxDischargeGetType], Meta(min_length=1, max_length=24)] | UnsetType = (
        UNSET
    )
    requestId: int
    tbc: bool | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ReportDERControlResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class RequestBatterySwapRequest(Message, frozen=True, kw_only=True):
    idToken: IdTokenType
    requestId: int
    customData: CustomDataType | UnsetType = UNSET


class RequestBatterySwapResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class RequestStartTransactionRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom1 | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET
    idToken: IdTokenType
    remoteStartId: int
    chargingProfile: ChargingProfileType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class RequestStartTransactionResponse(Message, frozen=True, kw_only=True):
    status: RequestStartStopStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class RequestStopTransactionRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36
    customData: CustomDataType | UnsetType = UNSET


class RequestStopTransactionResponse(Message, frozen=True, kw_only=True):
    status: RequestStartStopStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ReservationStatusUpdateRequest(Message, frozen=True, kw_only=True):
    reservationId: IntegerFrom0
    reservationUpdateStatus: ReservationUpdateStatusEnumType
    customData: CustomDataType | UnsetType = UNSET


class ReservationStatusUpdateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ReserveNowRequest(Message, frozen=True, kw_only=True):
    id: IntegerFrom0
    expiryDateTime: Timestamp
    connectorType: Text20 | UnsetType = UNSET
    idToken: IdTokenType
    evseId: IntegerFrom0 | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ReserveNowResponse(Message, frozen=True, kw_only=True):
    status: ReserveNowStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ResetRequest(Message, frozen=True, kw_only=True):
    type: ResetEnumType
    evseId: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class ResetResponse(Message, frozen=True, kw_only=True):
    status: ResetStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SecurityEventNotificationRequest(Message, frozen=True, kw_only=True):
    type: Text50
    timestamp: Timestamp
    techInfo: Text255 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SecurityEventNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class SendLocalListRequest(Message, frozen=True, kw_only=True):
    localAuthorizationList: Annotated[Sequence[AuthorizationData], Meta(min_length=1)] | UnsetType = UNSET
    versionNumber: int
    updateType: UpdateEnumType
    customData: CustomDataType | UnsetType = UNSET


class SendLocalListResponse(Message, frozen=True, kw_only=True):
    status: SendLocalListStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetChargingProfileRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    chargingProfile: ChargingProfileType
    customData: CustomDataType | UnsetType = UNSET


class SetChargingProfileResponse(Message, frozen=True, kw_only=True):
    status: ChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetDERControlRequest(Message, frozen=True, kw_only=True):
    isDefault: bool
    controlId: Text36
    controlType: DERControlEnumType
    curve: DERCurveType | UnsetType = UNSET
    enterService: EnterServiceType | UnsetType = UNSET
    fixedPFAbsorb: FixedPFType | UnsetType = UNSET
    fixedPFInject: FixedPFType | UnsetType = UNSET
    fixedVar: FixedVarType | UnsetType = UNSET
    freqDroop: FreqDroopType | UnsetType = UNSET
    gradient: GradientType | UnsetType = UNSET
    limitMaxDischarge: LimitMaxDischargeType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetDERControlResponse(Message, frozen=True, kw_only=True):
    status: DERControlStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    supersededIds: Annotated[Sequence[Text36], Meta(min_length=1, max_length=24)] | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetDefaultTariffRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    tariff: TariffType
    customData: CustomDataType | UnsetType = UNSET


class SetDefaultTariffResponse(Message, frozen=True, kw_only=True):
    status: TariffSetStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetDisplayMessageRequest(Message, frozen=True, kw_only=True):
    message: MessageInfoType
    customData: CustomDataType | UnsetType = UNSET


class SetDisplayMessageResponse(Message, frozen=True, kw_only=True):
    status: DisplayMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringBaseRequest(Message, frozen=True, kw_only=True):
    monitoringBase: MonitoringBaseEnumType
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringBaseResponse(Message, frozen=True, kw_only=True):
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringDataType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0 | UnsetType = UNSET
    periodicEventStream: PeriodicEventStreamParamsType | UnsetType = UNSET
    transaction: bool | UnsetType = UNSET
    value: float
    type: MonitorEnumType
    severity: IntegerFrom0
    component: ComponentType
    variable: VariableType
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringLevelRequest(Message, frozen=True, kw_only=True):
    severity: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringLevelResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetMonitoringResultType(Message, frozen=True, kw_only=True):
    id: IntegerFrom0 | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    status: SetMonitoringStatusEnumType
    type: MonitorEnumType
    component: ComponentType
    variable: VariableType
    severity: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class SetNetworkProfileRequest(Message, frozen=True, kw_only=True):
    configurationSlot: int
    connectionData: NetworkConnectionProfileType
    customData: CustomDataType | UnsetType = UNSET


class SetNetworkProfileResponse(Message, frozen=True, kw_only=True):
    status: SetNetworkProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SetVariableDataType(Message, frozen=True, kw_only=True):
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeValue: Text2500
    component: ComponentType
    variable: VariableType
    customData: CustomDataType | UnsetType = UNSET


class SetVariableMonitoringRequest(Message, frozen=True, kw_only=True):
    setMonitoringData: Annotated[Sequence[SetMonitoringDataType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class SetVariableMonitoringResponse(Message, frozen=True, kw_only=True):
    setMonitoringResult: Annotated[Sequence[SetMonitoringResultType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class SetVariableResultType(Message, frozen=True, kw_only=True):
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeStatus: SetVariableStatusEnumType
    attributeStatusInfo: StatusInfoType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType
    customData: CustomDataType | UnsetType = UNSET


class SetVariablesRequest(Message, frozen=True, kw_only=True):
    setVariableData: Annotated[Sequence[SetVariableDataType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class SetVariablesResponse(Message, frozen=True, kw_only=True):
    setVariableResult: Annotated[Sequence[SetVariableResultType], Meta(min_length=1)]
    customData: CustomDataType | UnsetType = UNSET


class SignCertificateRequest(Message, frozen=True, kw_only=True):
    csr: Text5500
    certificateType: CertificateSigningUseEnumType | UnsetType = UNSET
    hashRootCertificate: CertificateHashDataType | UnsetType = UNSET
    requestId: int | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class SignCertificateResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class StatusNotificationRequest(Message, frozen=True, kw_only=True):
    timestamp: Timestamp
    connectorStatus: ConnectorStatusEnumType
    evseId: IntegerFrom0
    connectorId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class StatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class TransactionLimitType(Message, frozen=True, kw_only=True):
    maxCost: float | UnsetType = UNSET
    maxEnergy: float | UnsetType = UNSET
    maxTime: int | UnsetType = UNSET
    maxSoC: IntegerFrom0To100 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TransactionType(Message, frozen=True, kw_only=True):
    transactionId: Text36
    chargingState: ChargingStateEnumType | UnsetType = UNSET
    timeSpentCharging: int | UnsetType = UNSET
    stoppedReason: ReasonEnumType | UnsetType = UNSET
    remoteStartId: int | UnsetType = UNSET
    operationMode: OperationModeEnumType | UnsetType = UNSET
    tariffId: Text60 | UnsetType = UNSET
    transactionLimit: TransactionLimitType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TransactionEventRequest(Message, frozen=True, kw_only=True):
    costDetails: CostDetailsType | UnsetType = UNSET
    eventType: TransactionEventEnumType
    meterValue: Annotated[Sequence[MeterValueType], Meta(min_length=1)] | UnsetType = UNSET
    timestamp: Timestamp
    triggerReason: TriggerReasonEnumType
    seqNo: IntegerFrom0
    offline: bool | UnsetType = UNSET
    numberOfPhasesUsed: IntegerFrom0To3 | UnsetType = UNSET
    cableMaxCurrent: int | UnsetType = UNSET
    reservationId: IntegerFrom0 | UnsetType = UNSET
    preconditioningStatus: PreconditioningStatusEnumType | UnsetType = UNSET
    evseSleep: bool | UnsetType = UNSET
    transactionInfo: TransactionType
    evse: EVSEType | UnsetType = UNSET
    idToken: IdTokenType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TransactionEventResponse(Message, frozen=True, kw_only=True):
    totalCost: float | UnsetType = UNSET
    chargingPriority: int | UnsetType = UNSET
    idTokenInfo: IdTokenInfoType | UnsetType = UNSET
    transactionLimit: TransactionLimitType | UnsetType = UNSET
    updatedPersonalMessage: MessageContentType | UnsetType = UNSET
    updatedPersonalMessageExtra: (
        Annotated[Sequence[MessageContentType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TriggerMessageRequest(Message, frozen=True, kw_only=True):
    evse: EVSEType | UnsetType = UNSET
    requestedMessage: MessageTriggerEnumType
    customTrigger: Text50 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class TriggerMessageResponse(Message, frozen=True, kw_only=True):
    status: TriggerMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class UnlockConnectorRequest(Message, frozen=True, kw_only=True):
    evseId: IntegerFrom0
    connectorId: IntegerFrom0
    customData: CustomDataType | UnsetType = UNSET


class UnlockConnectorResponse(Message, frozen=True, kw_only=True):
    status: UnlockStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class UnpublishFirmwareRequest(Message, frozen=True, kw_only=True):
    checksum: Text32
    customData: CustomDataType | UnsetType = UNSET


class UnpublishFirmwareResponse(Message, frozen=True, kw_only=True):
    status: UnpublishFirmwareStatusEnumType
    customData: CustomDataType | UnsetType = UNSET


class UpdateDynamicScheduleRequest(Message, frozen=True, kw_only=True):
    chargingProfileId: int
    scheduleUpdate: ChargingScheduleUpdateType
    customData: CustomDataType | UnsetType = UNSET


class UpdateDynamicScheduleResponse(Message, frozen=True, kw_only=True):
    status: ChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class UpdateFirmwareRequest(Message, frozen=True, kw_only=True):
    retries: IntegerFrom0 | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET
    requestId: int
    firmware: FirmwareType
    customData: CustomDataType | UnsetType = UNSET


class UpdateFirmwareResponse(Message, frozen=True, kw_only=True):
    status: UpdateFirmwareStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class UsePriorityChargingRequest(Message, frozen=True, kw_only=True):
    transactionId: Text36
    activate: bool
    customData: CustomDataType | UnsetType = UNSET


class UsePriorityChargingResponse(Message, frozen=True, kw_only=True):
    status: PriorityChargingStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class VatNumberValidationRequest(Message, frozen=True, kw_only=True):
    vatNumber: Text20
    evseId: IntegerFrom0 | UnsetType = UNSET
    customData: CustomDataType | UnsetType = UNSET


class VatNumberValidationResponse(Message, frozen=True, kw_only=True):
    company: AddressType | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    vatNumber: Text20
    evseId: IntegerFrom0 | UnsetType = UNSET
    status: GenericStatusEnumType
    customData: CustomDataType | UnsetType = UNSET


ACTIONS: Final[Mapping[str, tuple[type[Message], type[Message] | None]]] = {
    "AFRRSignal": (AFRRSignalRequest, AFRRSignalResponse),
    "AdjustPeriodicEventStream": (AdjustPeriodicEventStreamRequest, AdjustPeriodicEventStreamResponse),
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BatterySwap": (BatterySwapRequest, BatterySwapResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ChangeTransactionTariff": (ChangeTransactionTariffRequest, ChangeTransactionTariffResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "ClearDERControl": (ClearDERControlRequest, ClearDERControlResponse),
    "ClearDisplayMessage": (ClearDisplayMessageRequest, ClearDisplayMessageResponse),
    "ClearTariffs": (ClearTariffsRequest, ClearTariffsResponse),
    "ClearVariableMonitoring": (ClearVariableMonitoringRequest, ClearVariableMonitoringResponse),
    "ClearedChargingLimit": (ClearedChargingLimitRequest, ClearedChargingLimitResponse),
    "ClosePeriodicEventStream": (ClosePeriodicEventStreamRequest, ClosePeriodicEventStreamResponse),
    "CostUpdated": (CostUpdatedRequest, CostUpdatedResponse),
    "CustomerInformation": (CustomerInformationRequest, CustomerInformationResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "Get15118EVCertificate": (Get15118EVCertificateRequest, Get15118EVCertificateResponse),
    "GetBaseReport": (GetBaseReportRequest, GetBaseReportResponse),
    "GetCertificateChainStatus": (GetCertificateChainStatusRequest, GetCertificateChainStatusResponse),
    "GetCertificateStatus": (GetCertificateStatusRequest, GetCertificateStatusResponse),
    "GetChargingProfiles": (GetChargingProfilesRequest, GetChargingProfilesResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetDERControl": (GetDERControlRequest, GetDERControlResponse),
    "GetDisplayMessages": (GetDisplayMessagesRequest, GetDisplayMessagesResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "GetMonitoringReport": (GetMonitoringReportRequest, GetMonitoringReportResponse),
    "GetPeriodicEventStream": (GetPeriodicEventStreamRequest, GetPeriodicEventStreamResponse),
    "GetReport": (GetReportRequest, GetReportResponse),
    "GetTariffs": (GetTariffsRequest, GetTariffsResponse),
    "GetTransactionStatus": (GetTransactionStatusRequest, GetTransactionStatusResponse),
    "GetVariables": (GetVariablesRequest, GetVariablesResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "NotifyAllowedEnergyTransfer": (NotifyAllowedEnergyTransferRequest, NotifyAllowedEnergyTransferResponse),
    "NotifyChargingLimit": (NotifyChargingLimitRequest, NotifyChargingLimitResponse),
    "NotifyCustomerInformation": (NotifyCustomerInformationRequest, NotifyCustomerInformationResponse),
    "NotifyDERAlarm": (NotifyDERAlarmRequest, NotifyDERAlarmResponse),
    "NotifyDERStartStop": (NotifyDERStartStopRequest, NotifyDERStartStopResponse),
    "NotifyDisplayMessages": (NotifyDisplayMessagesRequest, NotifyDisplayMessagesResponse),
    "NotifyEVChargingNeeds": (NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse),
    "NotifyEVChargingSchedule": (NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse),
    "NotifyEvent": (NotifyEventRequest, NotifyEventResponse),
    "NotifyMonitoringReport": (NotifyMonitoringReportRequest, NotifyMonitoringReportResponse),
    "NotifyPeriodicEventStream": (NotifyPeriodicEventStream, None),
    "NotifyPriorityCharging": (NotifyPriorityChargingRequest, NotifyPriorityChargingResponse),
    "NotifyReport": (NotifyReportRequest, NotifyReportResponse),
    "NotifySettlement": (NotifySettlementRequest, NotifySettlementResponse),
    "NotifyWebPaymentStarted": (NotifyWebPaymentStartedRequest, NotifyWebPaymentStartedResponse),
    "OpenPeriodicEventStream": (OpenPeriodicEventStreamRequest, OpenPeriodicEventStreamResponse),
    "PublishFirmware": (PublishFirmwareRequest, PublishFirmwareResponse),
    "PublishFirmwareStatusNotification": (
        PublishFirmwareStatusNotificationRequest,
        PublishFirmwareStatusNotificationResponse,
    ),
    "PullDynamicScheduleUpdate": (PullDynamicScheduleUpdateRequest, PullDynamicScheduleUpdateResponse),
    "ReportChargingProfiles": (ReportChargingProfilesRequest, ReportChargingProfilesResponse),
    "ReportDERControl": (ReportDERControlRequest, ReportDERControlResponse),
    "RequestBatterySwap": (RequestBatterySwapRequest, RequestBatterySwapResponse),
    "RequestStartTransaction": (RequestStartTransactionRequest, RequestStartTransactionResponse),
    "RequestStopTransaction": (RequestStopTransactionRequest, RequestStopTransactionResponse),
    "ReservationStatusUpdate": (ReservationStatusUpdateRequest, ReservationStatusUpdateResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
    "SetDERControl": (SetDERControlRequest, SetDERControlResponse),
    "SetDefaultTariff": (SetDefaultTariffRequest, SetDefaultTariffResponse),
    "SetDisplayMessage": (SetDisplayMessageRequest, SetDisplayMessageResponse),
    "SetMonitoringBase": (SetMonitoringBaseRequest, SetMonitoringBaseResponse),
    "SetMonitoringLevel": (SetMonitoringLevelRequest, SetMonitoringLevelResponse),
    "SetNetworkProfile": (SetNetworkProfileRequest, SetNetworkProfileResponse),
    "SetVariableMonitoring": (SetVariableMonitoringRequest, SetVariableMonitoringResponse),
    "SetVariables": (SetVariablesRequest, SetVariablesResponse),
    "SignCertificate": (SignCertificateRequest, SignCertificateResponse),
    "StatusNotification": (StatusNotificationRequest, StatusNotificationResponse),
    "TransactionEvent": (TransactionEventRequest, TransactionEventResponse),
    "TriggerMessage": (TriggerMessageRequest, TriggerMessageResponse),
    "UnlockConnector": (UnlockConnectorRequest, UnlockConnectorResponse),
    "UnpublishFirmware": (UnpublishFirmwareRequest, UnpublishFirmwareResponse),
    "UpdateDynamicSchedule": (UpdateDynamicScheduleRequest, UpdateDynamicScheduleResponse),
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
    "UsePriorityCharging": (UsePriorityChargingRequest, UsePriorityChargingResponse),
    "VatNumberValidation": (VatNumberValidationRequest, VatNumberValidationResponse),
}
