"""The messages of OCPP 2.0.1, generated from its JSON Schemas.

Do not edit; change `protocol/ocpp/generating/` and run `python -m protocol.ocpp.generate`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from protocol.ocpp.messages.base import CustomDataType, Message


APNAuthenticationEnumType = Literal["CHAP", "NONE", "PAP", "AUTO"]
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
CertificateSigningUseEnumType = Literal["ChargingStationCertificate", "V2GCertificate"]
ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
ChargingLimitSourceEnumType = Literal["EMS", "Other", "SO", "CSO"]
ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative"]
ChargingProfilePurposeEnumType = Literal[
    "ChargingStationExternalConstraints", "ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile"
]
ChargingProfileStatusEnumType = Literal["Accepted", "Rejected"]
ChargingRateUnitEnumType = Literal["W", "A"]
ChargingStateEnumType = Literal["Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]
ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]
ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]
ClearMessageStatusEnumType = Literal["Accepted", "Unknown"]
ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]
ComponentCriterionEnumType = Literal["Active", "Available", "Enabled", "Problem"]
ConnectorEnumType = Literal[
    "cCCS1",
    "cCCS2",
    "cG105",
    "cTesla",
    "cType1",
    "cType2",
    "s309-1P-16A",
    "s309-1P-32A",
    "s309-3P-16A",
    "s309-3P-32A",
    "sBS1361",
    "sCEE-7-7",
    "sType2",
    "sType3",
    "Other1PhMax16A",
    "Other1PhOver16A",
    "Other3Ph",
    "Pan",
    "wInductive",
    "wResonant",
    "Undetermined",
    "Unknown",
]
ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]
CostKindEnumType = Literal["CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"]
CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]
DataEnumType = Literal[
    "string", "decimal", "integer", "dateTime", "boolean", "OptionList", "SequenceList", "MemberList"
]
DataTransferStatusEnumType = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
]
EnergyTransferModeEnumType = Literal["DC", "AC_single_phase", "AC_two_phase", "AC_three_phase"]
EventNotificationEnumType = Literal[
    "HardWiredNotification", "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
]
EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]
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
]
GetCertificateStatusEnumType = Literal["Accepted", "Failed"]
GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]
GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
IdTokenEnumType = Literal[
    "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization"
]
InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate", "MORootCertificate", "CSMSRootCertificate", "ManufacturerRootCertificate"
]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]
LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Active.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Net",
    "Energy.Apparent.Net",
    "Energy.Apparent.Import",
    "Energy.Apparent.Export",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
]
MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8"]
MessagePriorityEnumType = Literal["AlwaysFront", "InFront", "NormalCycle"]
MessageStateEnumType = Literal["Charging", "Faulted", "Idle", "Unavailable"]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
]
MonitorEnumType = Literal["UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"]
MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]
MonitoringCriterionEnumType = Literal["ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]
NotifyEVChargingNeedsStatusEnumType = Literal["Accepted", "Rejected", "Processing"]
OCPPInterfaceEnumType = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3"
]
OCPPTransportEnumType = Literal["JSON", "SOAP"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20"]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]
PhaseEnumType = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
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
    "Local",
    "LocalOutOfCredit",
    "MasterPass",
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
]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]
RegistrationStatusEnumType = Literal["Accepted", "Pending", "Rejected"]
ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]
RequestStartStopStatusEnumType = Literal["Accepted", "Rejected"]
ReservationUpdateStatusEnumType = Literal["Expired", "Removed"]
ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetEnumType = Literal["Immediate", "OnIdle"]
ResetStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
SendLocalListStatusEnumType = Literal["Accepted", "Failed", "VersionMismatch"]
SetMonitoringStatusEnumType = Literal[
    "Accepted", "UnknownComponent", "UnknownVariable", "UnsupportedMonitorType", "Rejected", "Duplicate"
]
SetNetworkProfileStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
SetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType", "RebootRequired"
]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerReasonEnumType = Literal[
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "MeterValueClock",
    "MeterValuePeriodic",
    "TimeLimitReached",
    "Trigger",
    "UnlockCommand",
    "StopAuthorized",
    "EVDeparted",
    "EVDetected",
    "RemoteStop",
    "RemoteStart",
    "AbnormalCondition",
    "SignedDataReceived",
    "ResetCommand",
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
Text1000 = Annotated[str, Meta(max_length=1000)]
Text10000 = Annotated[str, Meta(max_length=10000)]
Text128 = Annotated[str, Meta(max_length=128)]
Text16 = Annotated[str, Meta(max_length=16)]
Text20 = Annotated[str, Meta(max_length=20)]
Text25 = Annotated[str, Meta(max_length=25)]
Text2500 = Annotated[str, Meta(max_length=2500)]
Text255 = Annotated[str, Meta(max_length=255)]
Text32 = Annotated[str, Meta(max_length=32)]
Text32768 = Annotated[str, Meta(max_length=32768)]
Text36 = Annotated[str, Meta(max_length=36)]
Text40 = Annotated[str, Meta(max_length=40)]
Text50 = Annotated[str, Meta(max_length=50)]
Text500 = Annotated[str, Meta(max_length=500)]
Text512 = Annotated[str, Meta(max_length=512)]
Text5500 = Annotated[str, Meta(max_length=5500)]
Text5600 = Annotated[str, Meta(max_length=5600)]
Text6 = Annotated[str, Meta(max_length=6)]
Text64 = Annotated[str, Meta(max_length=64)]
Text7500 = Annotated[str, Meta(max_length=7500)]
Text8 = Annotated[str, Meta(max_length=8)]
Text800 = Annotated[str, Meta(max_length=800)]
Timestamp = Annotated[datetime, Meta(tz=True)]


class ACChargingParametersType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    energyAmount: int
    evMinCurrent: int
    evMaxCurrent: int
    evMaxVoltage: int


class APNType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    apn: Text512
    apnUserName: Text20 | UnsetType = UNSET
    apnPassword: Text20 | UnsetType = UNSET
    simPin: int | UnsetType = UNSET
    preferredNetwork: Text6 | UnsetType = UNSET
    useOnlyPreferredNetwork: bool | UnsetType = UNSET
    apnAuthentication: APNAuthenticationEnumType


class AdditionalInfoType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    additionalIdToken: Text36
    type: Text50


class IdTokenType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    additionalInfo: Annotated[Sequence[AdditionalInfoType], Meta(min_length=1)] | UnsetType = UNSET
    idToken: Text36
    type: IdTokenEnumType


class MessageContentType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    format: MessageFormatEnumType
    language: Text8 | UnsetType = UNSET
    content: Text512


class IdTokenInfoType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: AuthorizationStatusEnumType
    cacheExpiryDateTime: Timestamp | UnsetType = UNSET
    chargingPriority: int | UnsetType = UNSET
    language1: Text8 | UnsetType = UNSET
    evseId: Annotated[Sequence[int], Meta(min_length=1)] | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET
    language2: Text8 | UnsetType = UNSET
    personalMessage: MessageContentType | UnsetType = UNSET


class AuthorizationData(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    idToken: IdTokenType
    idTokenInfo: IdTokenInfoType | UnsetType = UNSET


class OCSPRequestDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    hashAlgorithm: HashAlgorithmEnumType
    issuerNameHash: Text128
    issuerKeyHash: Text128
    serialNumber: Text40
    responderURL: Text512


class AuthorizeRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    idToken: IdTokenType
    certificate: Text5500 | UnsetType = UNSET
    iso15118CertificateHashData: (
        Annotated[Sequence[OCSPRequestDataType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET


class AuthorizeResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    idTokenInfo: IdTokenInfoType
    certificateStatus: AuthorizeCertificateStatusEnumType | UnsetType = UNSET


class ModemType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    iccid: Text20 | UnsetType = UNSET
    imsi: Text20 | UnsetType = UNSET


class ChargingStationType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    serialNumber: Text25 | UnsetType = UNSET
    model: Text20
    modem: ModemType | UnsetType = UNSET
    vendorName: Text50
    firmwareVersion: Text50 | UnsetType = UNSET


class BootNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingStation: ChargingStationType
    reason: BootReasonEnumType


class StatusInfoType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    reasonCode: Text20
    additionalInfo: Text512 | UnsetType = UNSET


class BootNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    currentTime: Timestamp
    interval: int
    status: RegistrationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class CancelReservationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    reservationId: int


class CancelReservationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: CancelReservationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class CertificateHashDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    hashAlgorithm: HashAlgorithmEnumType
    issuerNameHash: Text128
    issuerKeyHash: Text128
    serialNumber: Text40


class CertificateHashDataChainType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    certificateHashData: CertificateHashDataType
    certificateType: GetCertificateIdUseEnumType
    childCertificateHashData: (
        Annotated[Sequence[CertificateHashDataType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET


class CertificateSignedRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    certificateChain: Text10000
    certificateType: CertificateSigningUseEnumType | UnsetType = UNSET


class CertificateSignedResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: CertificateSignedStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class EVSEType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    connectorId: int | UnsetType = UNSET


class ChangeAvailabilityRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evse: EVSEType | UnsetType = UNSET
    operationalStatus: OperationalStatusEnumType


class ChangeAvailabilityResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ChangeAvailabilityStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ChargingLimitType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingLimitSource: ChargingLimitSourceEnumType
    isGridCritical: bool | UnsetType = UNSET


class DCChargingParametersType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evMaxCurrent: int
    evMaxVoltage: int
    energyAmount: int | UnsetType = UNSET
    evMaxPower: int | UnsetType = UNSET
    stateOfCharge: IntegerFrom0To100 | UnsetType = UNSET
    evEnergyCapacity: int | UnsetType = UNSET
    fullSoC: IntegerFrom0To100 | UnsetType = UNSET
    bulkSoC: IntegerFrom0To100 | UnsetType = UNSET


class ChargingNeedsType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    acChargingParameters: ACChargingParametersType | UnsetType = UNSET
    dcChargingParameters: DCChargingParametersType | UnsetType = UNSET
    requestedEnergyTransfer: EnergyTransferModeEnumType
    departureTime: Timestamp | UnsetType = UNSET


class ChargingProfileCriterionType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingProfilePurpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stackLevel: int | UnsetType = UNSET
    chargingProfileId: Annotated[Sequence[int], Meta(min_length=1)] | UnsetType = UNSET
    chargingLimitSource: (
        Annotated[Sequence[ChargingLimitSourceEnumType], Meta(min_length=1, max_length=4)] | UnsetType
    ) = UNSET


class ChargingSchedulePeriodType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    startPeriod: int
    limit: float
    numberPhases: int | UnsetType = UNSET
    phaseToUse: int | UnsetType = UNSET


class RelativeTimeIntervalType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    start: int
    duration: int | UnsetType = UNSET


class CostType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    costKind: CostKindEnumType
    amount: int
    amountMultiplier: int | UnsetType = UNSET


class ConsumptionCostType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    startValue: float
    cost: Annotated[Sequence[CostType], Meta(min_length=1, max_length=3)]


class SalesTariffEntryType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    relativeTimeInterval: RelativeTimeIntervalType
    ePriceLevel: IntegerFrom0 | UnsetType = UNSET
    consumptionCost: Annotated[Sequence[ConsumptionCostType], Meta(min_length=1, max_length=3)] | UnsetType = UNSET


class SalesTariffType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    salesTariffDescription: Text32 | UnsetType = UNSET
    numEPriceLevels: int | UnsetType = UNSET
    salesTariffEntry: Annotated[Sequence[SalesTariffEntryType], Meta(min_length=1, max_length=1024)]


class ChargingScheduleType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    startSchedule: Timestamp | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    chargingRateUnit: ChargingRateUnitEnumType
    chargingSchedulePeriod: Annotated[Sequence[ChargingSchedulePeriodType], Meta(min_length=1, max_length=1024)]
    minChargingRate: float | UnsetType = UNSET
    salesTariff: SalesTariffType | UnsetType = UNSET


class ChargingProfileType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    stackLevel: int
    chargingProfilePurpose: ChargingProfilePurposeEnumType
    chargingProfileKind: ChargingProfileKindEnumType
    recurrencyKind: RecurrencyKindEnumType | UnsetType = UNSET
    validFrom: Timestamp | UnsetType = UNSET
    validTo: Timestamp | UnsetType = UNSET
    chargingSchedule: Annotated[Sequence[ChargingScheduleType], Meta(min_length=1, max_length=3)]
    transactionId: Text36 | UnsetType = UNSET


class ClearCacheRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ClearCacheResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ClearCacheStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ClearChargingProfileType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evseId: int | UnsetType = UNSET
    chargingProfilePurpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stackLevel: int | UnsetType = UNSET


class ClearChargingProfileRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingProfileId: int | UnsetType = UNSET
    chargingProfileCriteria: ClearChargingProfileType | UnsetType = UNSET


class ClearChargingProfileResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ClearChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ClearDisplayMessageRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int


class ClearDisplayMessageResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ClearMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ClearMonitoringResultType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ClearMonitoringStatusEnumType
    id: int
    statusInfo: StatusInfoType | UnsetType = UNSET


class ClearVariableMonitoringRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: Annotated[Sequence[int], Meta(min_length=1)]


class ClearVariableMonitoringResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    clearMonitoringResult: Annotated[Sequence[ClearMonitoringResultType], Meta(min_length=1)]


class ClearedChargingLimitRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingLimitSource: ChargingLimitSourceEnumType
    evseId: int | UnsetType = UNSET


class ClearedChargingLimitResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ComponentType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evse: EVSEType | UnsetType = UNSET
    name: Text50
    instance: Text50 | UnsetType = UNSET


class VariableType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    name: Text50
    instance: Text50 | UnsetType = UNSET


class ComponentVariableType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType | UnsetType = UNSET


class CompositeScheduleType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingSchedulePeriod: Annotated[Sequence[ChargingSchedulePeriodType], Meta(min_length=1)]
    evseId: int
    duration: int
    scheduleStart: Timestamp
    chargingRateUnit: ChargingRateUnitEnumType


class CostUpdatedRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    totalCost: float
    transactionId: Text36


class CostUpdatedResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class CustomerInformationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    customerCertificate: CertificateHashDataType | UnsetType = UNSET
    idToken: IdTokenType | UnsetType = UNSET
    requestId: int
    report: bool
    clear: bool
    customerIdentifier: Text64 | UnsetType = UNSET


class CustomerInformationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: CustomerInformationStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class DataTransferRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    messageId: Text50 | UnsetType = UNSET
    data: Any = UNSET
    vendorId: Text255


class DataTransferResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: DataTransferStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    data: Any = UNSET


class DeleteCertificateRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    certificateHashData: CertificateHashDataType


class DeleteCertificateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: DeleteCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class EventDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    eventId: int
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    cause: int | UnsetType = UNSET
    actualValue: Text2500
    techCode: Text50 | UnsetType = UNSET
    techInfo: Text500 | UnsetType = UNSET
    cleared: bool | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    component: ComponentType
    variableMonitoringId: int | UnsetType = UNSET
    eventNotificationType: EventNotificationEnumType
    variable: VariableType


class FirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: FirmwareStatusEnumType
    requestId: int | UnsetType = UNSET


class FirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class FirmwareType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    location: Text512
    retrieveDateTime: Timestamp
    installDateTime: Timestamp | UnsetType = UNSET
    signingCertificate: Text5500 | UnsetType = UNSET
    signature: Text800 | UnsetType = UNSET


class Get15118EVCertificateRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    iso15118SchemaVersion: Text50
    action: CertificateActionEnumType
    exiRequest: Text5600


class Get15118EVCertificateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: Iso15118EVCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    exiResponse: Text7500


class GetBaseReportRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    requestId: int
    reportBase: ReportBaseEnumType


class GetBaseReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class GetCertificateStatusRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    ocspRequestData: OCSPRequestDataType


class GetCertificateStatusResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GetCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    ocspResult: Text5500 | UnsetType = UNSET


class GetChargingProfilesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    requestId: int
    evseId: int | UnsetType = UNSET
    chargingProfile: ChargingProfileCriterionType


class GetChargingProfilesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GetChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class GetCompositeScheduleRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    duration: int
    chargingRateUnit: ChargingRateUnitEnumType | UnsetType = UNSET
    evseId: int


class GetCompositeScheduleResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    schedule: CompositeScheduleType | UnsetType = UNSET


class GetDisplayMessagesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: Annotated[Sequence[int], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    priority: MessagePriorityEnumType | UnsetType = UNSET
    state: MessageStateEnumType | UnsetType = UNSET


class GetDisplayMessagesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GetDisplayMessagesStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class GetInstalledCertificateIdsRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    certificateType: Annotated[Sequence[GetCertificateIdUseEnumType], Meta(min_length=1)] | UnsetType = UNSET


class GetInstalledCertificateIdsResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GetInstalledCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    certificateHashDataChain: Annotated[Sequence[CertificateHashDataChainType], Meta(min_length=1)] | UnsetType = UNSET


class GetLocalListVersionRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class GetLocalListVersionResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    versionNumber: int


class LogParametersType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    remoteLocation: Text512
    oldestTimestamp: Timestamp | UnsetType = UNSET
    latestTimestamp: Timestamp | UnsetType = UNSET


class GetLogRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    log: LogParametersType
    logType: LogEnumType
    requestId: int
    retries: int | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET


class GetLogResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: LogStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    filename: Text255 | UnsetType = UNSET


class GetMonitoringReportRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    componentVariable: Annotated[Sequence[ComponentVariableType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    monitoringCriteria: (
        Annotated[Sequence[MonitoringCriterionEnumType], Meta(min_length=1, max_length=3)] | UnsetType
    ) = UNSET


class GetMonitoringReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class GetReportRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    componentVariable: Annotated[Sequence[ComponentVariableType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    componentCriteria: Annotated[Sequence[ComponentCriterionEnumType], Meta(min_length=1, max_length=4)] | UnsetType = (
        UNSET
    )


class GetReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class GetTransactionStatusRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET


class GetTransactionStatusResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    ongoingIndicator: bool | UnsetType = UNSET
    messagesInQueue: bool


class GetVariableDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    attributeType: AttributeEnumType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType


class GetVariableResultType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    attributeStatusInfo: StatusInfoType | UnsetType = UNSET
    attributeStatus: GetVariableStatusEnumType
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeValue: Text2500 | UnsetType = UNSET
    component: ComponentType
    variable: VariableType


class GetVariablesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    getVariableData: Annotated[Sequence[GetVariableDataType], Meta(min_length=1)]


class GetVariablesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    getVariableResult: Annotated[Sequence[GetVariableResultType], Meta(min_length=1)]


class HeartbeatRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class HeartbeatResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    currentTime: Timestamp


class InstallCertificateRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    certificateType: InstallCertificateUseEnumType
    certificate: Text5500


class InstallCertificateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: InstallCertificateStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class LogStatusNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: UploadLogStatusEnumType
    requestId: int | UnsetType = UNSET


class LogStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class MessageInfoType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    display: ComponentType | UnsetType = UNSET
    id: int
    priority: MessagePriorityEnumType
    state: MessageStateEnumType | UnsetType = UNSET
    startDateTime: Timestamp | UnsetType = UNSET
    endDateTime: Timestamp | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET
    message: MessageContentType


class SignedMeterValueType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    signedMeterData: Text32768
    signingMethod: Text50
    encodingMethod: Text50
    publicKey: Text2500


class UnitOfMeasureType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    unit: Text20 | UnsetType = UNSET
    multiplier: int | UnsetType = UNSET


class SampledValueType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    value: float
    context: ReadingContextEnumType | UnsetType = UNSET
    measurand: MeasurandEnumType | UnsetType = UNSET
    phase: PhaseEnumType | UnsetType = UNSET
    location: LocationEnumType | UnsetType = UNSET
    signedMeterValue: SignedMeterValueType | UnsetType = UNSET
    unitOfMeasure: UnitOfMeasureType | UnsetType = UNSET


class MeterValueType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    sampledValue: Annotated[Sequence[SampledValueType], Meta(min_length=1)]
    timestamp: Timestamp


class MeterValuesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evseId: int
    meterValue: Annotated[Sequence[MeterValueType], Meta(min_length=1)]


class MeterValuesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class VariableMonitoringType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    transaction: bool
    value: float
    type: MonitorEnumType
    severity: int


class MonitoringDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType
    variableMonitoring: Annotated[Sequence[VariableMonitoringType], Meta(min_length=1)]


class VPNType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    server: Text512
    user: Text20
    group: Text20 | UnsetType = UNSET
    password: Text20
    key: Text255
    type: VPNEnumType


class NetworkConnectionProfileType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    apn: APNType | UnsetType = UNSET
    ocppVersion: OCPPVersionEnumType
    ocppTransport: OCPPTransportEnumType
    ocppCsmsUrl: Text512
    messageTimeout: int
    securityProfile: int
    ocppInterface: OCPPInterfaceEnumType
    vpn: VPNType | UnsetType = UNSET


class NotifyChargingLimitRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    chargingSchedule: Annotated[Sequence[ChargingScheduleType], Meta(min_length=1)] | UnsetType = UNSET
    evseId: int | UnsetType = UNSET
    chargingLimit: ChargingLimitType


class NotifyChargingLimitResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyCustomerInformationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    data: Text512
    tbc: bool | UnsetType = UNSET
    seqNo: int
    generatedAt: Timestamp
    requestId: int


class NotifyCustomerInformationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyDisplayMessagesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    messageInfo: Annotated[Sequence[MessageInfoType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    tbc: bool | UnsetType = UNSET


class NotifyDisplayMessagesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyEVChargingNeedsRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    maxScheduleTuples: int | UnsetType = UNSET
    chargingNeeds: ChargingNeedsType
    evseId: int


class NotifyEVChargingNeedsResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: NotifyEVChargingNeedsStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class NotifyEVChargingScheduleRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    timeBase: Timestamp
    chargingSchedule: ChargingScheduleType
    evseId: int


class NotifyEVChargingScheduleResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class NotifyEventRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    generatedAt: Timestamp
    tbc: bool | UnsetType = UNSET
    seqNo: int
    eventData: Annotated[Sequence[EventDataType], Meta(min_length=1)]


class NotifyEventResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class NotifyMonitoringReportRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    monitor: Annotated[Sequence[MonitoringDataType], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int
    tbc: bool | UnsetType = UNSET
    seqNo: int
    generatedAt: Timestamp


class NotifyMonitoringReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class VariableAttributeType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    type: AttributeEnumType | UnsetType = UNSET
    value: Text2500 | UnsetType = UNSET
    mutability: MutabilityEnumType | UnsetType = UNSET
    persistent: bool | UnsetType = UNSET
    constant: bool | UnsetType = UNSET


class VariableCharacteristicsType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    unit: Text16 | UnsetType = UNSET
    dataType: DataEnumType
    minLimit: float | UnsetType = UNSET
    maxLimit: float | UnsetType = UNSET
    valuesList: Text1000 | UnsetType = UNSET
    supportsMonitoring: bool


class ReportDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType
    variableAttribute: Annotated[Sequence[VariableAttributeType], Meta(min_length=1, max_length=4)]
    variableCharacteristics: VariableCharacteristicsType | UnsetType = UNSET


class NotifyReportRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    requestId: int
    generatedAt: Timestamp
    reportData: Annotated[Sequence[ReportDataType], Meta(min_length=1)] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    seqNo: int


class NotifyReportResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class PublishFirmwareRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    location: Text512
    retries: int | UnsetType = UNSET
    checksum: Text32
    requestId: int
    retryInterval: int | UnsetType = UNSET


class PublishFirmwareResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class PublishFirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: PublishFirmwareStatusEnumType
    location: Annotated[Sequence[Text512], Meta(min_length=1)] | UnsetType = UNSET
    requestId: int | UnsetType = UNSET


class PublishFirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ReportChargingProfilesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    requestId: int
    chargingLimitSource: ChargingLimitSourceEnumType
    chargingProfile: Annotated[Sequence[ChargingProfileType], Meta(min_length=1)]
    tbc: bool | UnsetType = UNSET
    evseId: int


class ReportChargingProfilesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class RequestStartTransactionRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evseId: int | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET
    idToken: IdTokenType
    remoteStartId: int
    chargingProfile: ChargingProfileType | UnsetType = UNSET


class RequestStartTransactionResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: RequestStartStopStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET
    transactionId: Text36 | UnsetType = UNSET


class RequestStopTransactionRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    transactionId: Text36


class RequestStopTransactionResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: RequestStartStopStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ReservationStatusUpdateRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    reservationId: int
    reservationUpdateStatus: ReservationUpdateStatusEnumType


class ReservationStatusUpdateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class ReserveNowRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int
    expiryDateTime: Timestamp
    connectorType: ConnectorEnumType | UnsetType = UNSET
    idToken: IdTokenType
    evseId: int | UnsetType = UNSET
    groupIdToken: IdTokenType | UnsetType = UNSET


class ReserveNowResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ReserveNowStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class ResetRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    type: ResetEnumType
    evseId: int | UnsetType = UNSET


class ResetResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ResetStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SecurityEventNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    type: Text50
    timestamp: Timestamp
    techInfo: Text255 | UnsetType = UNSET


class SecurityEventNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class SendLocalListRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    localAuthorizationList: Annotated[Sequence[AuthorizationData], Meta(min_length=1)] | UnsetType = UNSET
    versionNumber: int
    updateType: UpdateEnumType


class SendLocalListResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: SendLocalListStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetChargingProfileRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evseId: int
    chargingProfile: ChargingProfileType


class SetChargingProfileResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: ChargingProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetDisplayMessageRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    message: MessageInfoType


class SetDisplayMessageResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: DisplayMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetMonitoringBaseRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    monitoringBase: MonitoringBaseEnumType


class SetMonitoringBaseResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericDeviceModelStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetMonitoringDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int | UnsetType = UNSET
    transaction: bool | UnsetType = UNSET
    value: float
    type: MonitorEnumType
    severity: int
    component: ComponentType
    variable: VariableType


class SetMonitoringLevelRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    severity: int


class SetMonitoringLevelResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetMonitoringResultType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    id: int | UnsetType = UNSET
    statusInfo: StatusInfoType | UnsetType = UNSET
    status: SetMonitoringStatusEnumType
    type: MonitorEnumType
    component: ComponentType
    variable: VariableType
    severity: int


class SetNetworkProfileRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    configurationSlot: int
    connectionData: NetworkConnectionProfileType


class SetNetworkProfileResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: SetNetworkProfileStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class SetVariableDataType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeValue: Text1000
    component: ComponentType
    variable: VariableType


class SetVariableMonitoringRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    setMonitoringData: Annotated[Sequence[SetMonitoringDataType], Meta(min_length=1)]


class SetVariableMonitoringResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    setMonitoringResult: Annotated[Sequence[SetMonitoringResultType], Meta(min_length=1)]


class SetVariableResultType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    attributeType: AttributeEnumType | UnsetType = UNSET
    attributeStatus: SetVariableStatusEnumType
    attributeStatusInfo: StatusInfoType | UnsetType = UNSET
    component: ComponentType
    variable: VariableType


class SetVariablesRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    setVariableData: Annotated[Sequence[SetVariableDataType], Meta(min_length=1)]


class SetVariablesResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    setVariableResult: Annotated[Sequence[SetVariableResultType], Meta(min_length=1)]


class SignCertificateRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    csr: Text5500
    certificateType: CertificateSigningUseEnumType | UnsetType = UNSET


class SignCertificateResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: GenericStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class StatusNotificationRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    timestamp: Timestamp
    connectorStatus: ConnectorStatusEnumType
    evseId: int
    connectorId: int


class StatusNotificationResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET


class TransactionType(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    transactionId: Text36
    chargingState: ChargingStateEnumType | UnsetType = UNSET
    timeSpentCharging: int | UnsetType = UNSET
    stoppedReason: ReasonEnumType | UnsetType = UNSET
    remoteStartId: int | UnsetType = UNSET


class TransactionEventRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    eventType: TransactionEventEnumType
    meterValue: Annotated[Sequence[MeterValueType], Meta(min_length=1)] | UnsetType = UNSET
    timestamp: Timestamp
    triggerReason: TriggerReasonEnumType
    seqNo: int
    offline: bool | UnsetType = UNSET
    numberOfPhasesUsed: int | UnsetType = UNSET
    cableMaxCurrent: int | UnsetType = UNSET
    reservationId: int | UnsetType = UNSET
    transactionInfo: TransactionType
    evse: EVSEType | UnsetType = UNSET
    idToken: IdTokenType | UnsetType = UNSET


class TransactionEventResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    totalCost: float | UnsetType = UNSET
    chargingPriority: int | UnsetType = UNSET
    idTokenInfo: IdTokenInfoType | UnsetType = UNSET
    updatedPersonalMessage: MessageContentType | UnsetType = UNSET


class TriggerMessageRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evse: EVSEType | UnsetType = UNSET
    requestedMessage: MessageTriggerEnumType


class TriggerMessageResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: TriggerMessageStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class UnlockConnectorRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    evseId: int
    connectorId: int


class UnlockConnectorResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: UnlockStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


class UnpublishFirmwareRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    checksum: Text32


class UnpublishFirmwareResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: UnpublishFirmwareStatusEnumType


class UpdateFirmwareRequest(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    retries: int | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET
    requestId: int
    firmware: FirmwareType


class UpdateFirmwareResponse(Message, frozen=True, kw_only=True):
    customData: CustomDataType | UnsetType = UNSET
    status: UpdateFirmwareStatusEnumType
    statusInfo: StatusInfoType | UnsetType = UNSET


ACTIONS: Final[Mapping[str, tuple[type[Message], type[Message] | None]]] = {
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "ClearDisplayMessage": (ClearDisplayMessageRequest, ClearDisplayMessageResponse),
    "ClearVariableMonitoring": (ClearVariableMonitoringRequest, ClearVariableMonitoringResponse),
    "ClearedChargingLimit": (ClearedChargingLimitRequest, ClearedChargingLimitResponse),
    "CostUpdated": (CostUpdatedRequest, CostUpdatedResponse),
    "CustomerInformation": (CustomerInformationRequest, CustomerInformationResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "Get15118EVCertificate": (Get15118EVCertificateRequest, Get15118EVCertificateResponse),
    "GetBaseReport": (GetBaseReportRequest, GetBaseReportResponse),
    "GetCertificateStatus": (GetCertificateStatusRequest, GetCertificateStatusResponse),
    "GetChargingProfiles": (GetChargingProfilesRequest, GetChargingProfilesResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetDisplayMessages": (GetDisplayMessagesRequest, GetDisplayMessagesResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "GetMonitoringReport": (GetMonitoringReportRequest, GetMonitoringReportResponse),
    "GetReport": (GetReportRequest, GetReportResponse),
    "GetTransactionStatus": (GetTransactionStatusRequest, GetTransactionStatusResponse),
    "GetVariables": (GetVariablesRequest, GetVariablesResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "NotifyChargingLimit": (NotifyChargingLimitRequest, NotifyChargingLimitResponse),
    "NotifyCustomerInformation": (NotifyCustomerInformationRequest, NotifyCustomerInformationResponse),
    "NotifyDisplayMessages": (NotifyDisplayMessagesRequest, NotifyDisplayMessagesResponse),
    "NotifyEVChargingNeeds": (NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse),
    "NotifyEVChargingSchedule": (NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse),
    "NotifyEvent": (NotifyEventRequest, NotifyEventResponse),
    "NotifyMonitoringReport": (NotifyMonitoringReportRequest, NotifyMonitoringReportResponse),
    "NotifyReport": (NotifyReportRequest, NotifyReportResponse),
    "PublishFirmware": (PublishFirmwareRequest, PublishFirmwareResponse),
    "PublishFirmwareStatusNotification": (
        PublishFirmwareStatusNotificationRequest,
        PublishFirmwareStatusNotificationResponse,
    ),
    "ReportChargingProfiles": (ReportChargingProfilesRequest, ReportChargingProfilesResponse),
    "RequestStartTransaction": (RequestStartTransactionRequest, RequestStartTransactionResponse),
    "RequestStopTransaction": (RequestStopTransactionRequest, RequestStopTransactionResponse),
    "ReservationStatusUpdate": (ReservationStatusUpdateRequest, ReservationStatusUpdateResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
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
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
}
