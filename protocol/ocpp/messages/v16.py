"""The messages of OCPP 1.6, generated from its JSON Schemas.

Do not edit; change `protocol/ocpp/generating/` and run `python -m protocol.ocpp.generate`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from protocol.ocpp.messages.base import Message, require_tenths


AuthorizationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
AvailabilityStatus = Literal["Accepted", "Rejected", "Scheduled"]
AvailabilityType = Literal["Inoperative", "Operative"]
CancelReservationStatus = Literal["Accepted", "Rejected"]
CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]
CertificateUseEnumType = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]
ChargePointErrorCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "OverVoltage",
    "WeakSignal",
]
ChargePointStatus = Literal[
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]
ChargingProfileKindType = Literal["Absolute", "Recurring", "Relative"]
ChargingProfilePurposeType = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
ChargingProfileStatus = Literal["Accepted", "Rejected", "NotSupported"]
ChargingRateUnitType = Literal["A", "W"]
ClearCacheStatus = Literal["Accepted", "Rejected"]
ClearChargingProfileStatus = Literal["Accepted", "Unknown"]
ConfigurationStatus = Literal["Accepted", "Rejected", "RebootRequired", "NotSupported"]
DataTransferStatus = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DiagnosticsStatus = Literal["Idle", "Uploaded", "UploadFailed", "Uploading"]
FirmwareStatus = Literal[
    "Downloaded", "DownloadFailed", "Downloading", "Idle", "InstallationFailed", "Installing", "Installed"
]
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
GenericStatusEnumType = Literal["Accepted", "Rejected"]
GetCompositeScheduleStatus = Literal["Accepted", "Rejected"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
InstallCertificateStatusEnumType = Literal["Accepted", "Failed", "Rejected"]
Location = Literal["Cable", "EV", "Inlet", "Outlet", "Body"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
Measurand = Literal[
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "Power.Factor",
    "Current.Import",
    "Current.Export",
    "Current.Offered",
    "Voltage",
    "Frequency",
    "Temperature",
    "SoC",
    "RPM",
]
MessageTrigger = Literal[
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
]
Phase = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
ReadingContext = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
    "Other",
]
Reason = Literal[
    "EmergencyStop",
    "EVDisconnected",
    "HardReset",
    "Local",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "SoftReset",
    "UnlockCommand",
    "DeAuthorized",
]
RecurrencyKindType = Literal["Daily", "Weekly"]
RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]
RemoteStartStopStatus = Literal["Accepted", "Rejected"]
ReservationStatus = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetStatus = Literal["Accepted", "Rejected"]
ResetType = Literal["Hard", "Soft"]
TriggerMessageStatus = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
UnitOfMeasure = Literal[
    "Wh",
    "kWh",
    "varh",
    "kvarh",
    "W",
    "kW",
    "VA",
    "kVA",
    "var",
    "kvar",
    "A",
    "V",
    "K",
    "Celcius",
    "Celsius",
    "Fahrenheit",
    "Percent",
    "Hertz",
]
UnlockStatus = Literal["Unlocked", "UnlockFailed", "NotSupported"]
UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]
UpdateStatus = Literal["Accepted", "Failed", "NotSupported", "VersionMismatch"]
UpdateType = Literal["Differential", "Full"]
UploadLogStatusEnumType = Literal[
    "BadMessage", "Idle", "NotSupportedOperation", "PermissionDenied", "Uploaded", "UploadFailure", "Uploading"
]
ValueFormat = Literal["Raw", "SignedData"]

Address = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9+.\\-]*:\\S*\\Z")]
Text10000 = Annotated[str, Meta(max_length=10000)]
Text128 = Annotated[str, Meta(max_length=128)]
Text20 = Annotated[str, Meta(max_length=20)]
Text25 = Annotated[str, Meta(max_length=25)]
Text255 = Annotated[str, Meta(max_length=255)]
Text40 = Annotated[str, Meta(max_length=40)]
Text50 = Annotated[str, Meta(max_length=50)]
Text500 = Annotated[str, Meta(max_length=500)]
Text512 = Annotated[str, Meta(max_length=512)]
Text5500 = Annotated[str, Meta(max_length=5500)]
Text800 = Annotated[str, Meta(max_length=800)]
Timestamp = Annotated[datetime, Meta(tz=True)]


class IdTagInfo(Message, frozen=True, kw_only=True):
    expiryDate: Timestamp | UnsetType = UNSET
    parentIdTag: Text20 | UnsetType = UNSET
    status: AuthorizationStatus


class AuthorizationData(Message, frozen=True, kw_only=True):
    idTag: Text20
    idTagInfo: IdTagInfo | UnsetType = UNSET


class AuthorizeRequest(Message, frozen=True, kw_only=True):
    idTag: Text20


class AuthorizeResponse(Message, frozen=True, kw_only=True):
    idTagInfo: IdTagInfo


class BootNotificationRequest(Message, frozen=True, kw_only=True):
    chargePointVendor: Text20
    chargePointModel: Text20
    chargePointSerialNumber: Text25 | UnsetType = UNSET
    chargeBoxSerialNumber: Text25 | UnsetType = UNSET
    firmwareVersion: Text50 | UnsetType = UNSET
    iccid: Text20 | UnsetType = UNSET
    imsi: Text20 | UnsetType = UNSET
    meterType: Text25 | UnsetType = UNSET
    meterSerialNumber: Text25 | UnsetType = UNSET


class BootNotificationResponse(Message, frozen=True, kw_only=True):
    status: RegistrationStatus
    currentTime: Timestamp
    interval: int


class CancelReservationRequest(Message, frozen=True, kw_only=True):
    reservationId: int


class CancelReservationResponse(Message, frozen=True, kw_only=True):
    status: CancelReservationStatus


class CertificateHashDataType(Message, frozen=True, kw_only=True):
    hashAlgorithm: HashAlgorithmEnumType
    issuerNameHash: Text128
    issuerKeyHash: Text128
    serialNumber: Text40


class CertificateSignedRequest(Message, frozen=True, kw_only=True):
    certificateChain: Text10000


class CertificateSignedResponse(Message, frozen=True, kw_only=True):
    status: CertificateSignedStatusEnumType


class ChangeAvailabilityRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    type: AvailabilityType


class ChangeAvailabilityResponse(Message, frozen=True, kw_only=True):
    status: AvailabilityStatus


class ChangeConfigurationRequest(Message, frozen=True, kw_only=True):
    key: Text50
    value: Text500


class ChangeConfigurationResponse(Message, frozen=True, kw_only=True):
    status: ConfigurationStatus


class ChargingSchedulePeriod(Message, frozen=True, kw_only=True):
    startPeriod: int
    limit: float
    numberPhases: int | UnsetType = UNSET

    def __post_init__(self) -> None:
        require_tenths("limit", self.limit)


class ChargingSchedule(Message, frozen=True, kw_only=True):
    duration: int | UnsetType = UNSET
    startSchedule: Timestamp | UnsetType = UNSET
    chargingRateUnit: ChargingRateUnitType
    chargingSchedulePeriod: Sequence[ChargingSchedulePeriod]
    minChargingRate: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        require_tenths("minChargingRate", self.minChargingRate)


class ChargingProfile(Message, frozen=True, kw_only=True):
    chargingProfileId: int
    transactionId: int | UnsetType = UNSET
    stackLevel: int
    chargingProfilePurpose: ChargingProfilePurposeType
    chargingProfileKind: ChargingProfileKindType
    recurrencyKind: RecurrencyKindType | UnsetType = UNSET
    validFrom: Timestamp | UnsetType = UNSET
    validTo: Timestamp | UnsetType = UNSET
    chargingSchedule: ChargingSchedule


class ClearCacheRequest(Message, frozen=True, kw_only=True):
    pass


class ClearCacheResponse(Message, frozen=True, kw_only=True):
    status: ClearCacheStatus


class ClearChargingProfileRequest(Message, frozen=True, kw_only=True):
    id: int | UnsetType = UNSET
    connectorId: int | UnsetType = UNSET
    chargingProfilePurpose: ChargingProfilePurposeType | UnsetType = UNSET
    stackLevel: int | UnsetType = UNSET


class ClearChargingProfileResponse(Message, frozen=True, kw_only=True):
    status: ClearChargingProfileStatus


class DataTransferRequest(Message, frozen=True, kw_only=True):
    vendorId: Text255
    messageId: Text50 | UnsetType = UNSET
    data: str | UnsetType = UNSET


class DataTransferResponse(Message, frozen=True, kw_only=True):
    status: DataTransferStatus
    data: str | UnsetType = UNSET


class DeleteCertificateRequest(Message, frozen=True, kw_only=True):
    certificateHashData: CertificateHashDataType


class DeleteCertificateResponse(Message, frozen=True, kw_only=True):
    status: DeleteCertificateStatusEnumType


class DiagnosticsStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class ExtendedTriggerMessageRequest(Message, frozen=True, kw_only=True):
    requestedMessage: MessageTriggerEnumType
    connectorId: int | UnsetType = UNSET


class ExtendedTriggerMessageResponse(Message, frozen=True, kw_only=True):
    status: TriggerMessageStatusEnumType


class FirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: FirmwareStatus


class FirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class FirmwareType(Message, frozen=True, kw_only=True):
    location: Text512
    retrieveDateTime: Timestamp
    installDateTime: Timestamp | UnsetType = UNSET
    signingCertificate: Text5500
    signature: Text800


class GetCompositeScheduleRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    duration: int
    chargingRateUnit: ChargingRateUnitType | UnsetType = UNSET


class GetCompositeScheduleResponse(Message, frozen=True, kw_only=True):
    status: GetCompositeScheduleStatus
    connectorId: int | UnsetType = UNSET
    scheduleStart: Timestamp | UnsetType = UNSET
    chargingSchedule: ChargingSchedule | UnsetType = UNSET


class GetConfigurationRequest(Message, frozen=True, kw_only=True):
    key: Sequence[Text50] | UnsetType = UNSET


class KeyValue(Message, frozen=True, kw_only=True):
    key: Text50
    readonly: bool
    value: Text500 | UnsetType = UNSET


class GetConfigurationResponse(Message, frozen=True, kw_only=True):
    configurationKey: Sequence[KeyValue] | UnsetType = UNSET
    unknownKey: Sequence[Text50] | UnsetType = UNSET


class GetDiagnosticsRequest(Message, frozen=True, kw_only=True):
    location: Address
    retries: int | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET
    startTime: Timestamp | UnsetType = UNSET
    stopTime: Timestamp | UnsetType = UNSET


class GetDiagnosticsResponse(Message, frozen=True, kw_only=True):
    fileName: Text255 | UnsetType = UNSET


class GetInstalledCertificateIdsRequest(Message, frozen=True, kw_only=True):
    certificateType: CertificateUseEnumType


class GetInstalledCertificateIdsResponse(Message, frozen=True, kw_only=True):
    certificateHashData: Annotated[Sequence[CertificateHashDataType], Meta(min_length=1)] | UnsetType = UNSET
    status: GetInstalledCertificateStatusEnumType


class GetLocalListVersionRequest(Message, frozen=True, kw_only=True):
    pass


class GetLocalListVersionResponse(Message, frozen=True, kw_only=True):
    listVersion: int


class LogParametersType(Message, frozen=True, kw_only=True):
    remoteLocation: Text512
    oldestTimestamp: Timestamp | UnsetType = UNSET
    latestTimestamp: Timestamp | UnsetType = UNSET


class GetLogRequest(Message, frozen=True, kw_only=True):
    log: LogParametersType
    logType: LogEnumType
    requestId: int
    retries: int | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET


class GetLogResponse(Message, frozen=True, kw_only=True):
    status: LogStatusEnumType
    filename: Text255 | UnsetType = UNSET


class HeartbeatRequest(Message, frozen=True, kw_only=True):
    pass


class HeartbeatResponse(Message, frozen=True, kw_only=True):
    currentTime: Timestamp


class InstallCertificateRequest(Message, frozen=True, kw_only=True):
    certificateType: CertificateUseEnumType
    certificate: Text5500


class InstallCertificateResponse(Message, frozen=True, kw_only=True):
    status: InstallCertificateStatusEnumType


class LogStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: UploadLogStatusEnumType
    requestId: int | UnsetType = UNSET


class LogStatusNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class SampledValue(Message, frozen=True, kw_only=True):
    value: str
    context: ReadingContext | UnsetType = UNSET
    format: ValueFormat | UnsetType = UNSET
    measurand: Measurand | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    unit: UnitOfMeasure | UnsetType = UNSET


class MeterValue(Message, frozen=True, kw_only=True):
    timestamp: Timestamp
    sampledValue: Annotated[Sequence[SampledValue], Meta(min_length=1)]


class MeterValuesRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    transactionId: int | UnsetType = UNSET
    meterValue: Annotated[Sequence[MeterValue], Meta(min_length=1)]


class MeterValuesResponse(Message, frozen=True, kw_only=True):
    pass


class RemoteStartTransactionRequest(Message, frozen=True, kw_only=True):
    connectorId: int | UnsetType = UNSET
    idTag: Text20
    chargingProfile: ChargingProfile | UnsetType = UNSET


class RemoteStartTransactionResponse(Message, frozen=True, kw_only=True):
    status: RemoteStartStopStatus


class RemoteStopTransactionRequest(Message, frozen=True, kw_only=True):
    transactionId: int


class RemoteStopTransactionResponse(Message, frozen=True, kw_only=True):
    status: RemoteStartStopStatus


class ReserveNowRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    expiryDate: Timestamp
    idTag: Text20
    parentIdTag: Text20 | UnsetType = UNSET
    reservationId: int


class ReserveNowResponse(Message, frozen=True, kw_only=True):
    status: ReservationStatus


class ResetRequest(Message, frozen=True, kw_only=True):
    type: ResetType


class ResetResponse(Message, frozen=True, kw_only=True):
    status: ResetStatus


class SecurityEventNotificationRequest(Message, frozen=True, kw_only=True):
    type: Text50
    timestamp: Timestamp
    techInfo: Text255 | UnsetType = UNSET


class SecurityEventNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class SendLocalListRequest(Message, frozen=True, kw_only=True):
    listVersion: int
    localAuthorizationList: Sequence[AuthorizationData] | UnsetType = UNSET
    updateType: UpdateType


class SendLocalListResponse(Message, frozen=True, kw_only=True):
    status: UpdateStatus


class SetChargingProfileRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    csChargingProfiles: ChargingProfile


class SetChargingProfileResponse(Message, frozen=True, kw_only=True):
    status: ChargingProfileStatus


class SignCertificateRequest(Message, frozen=True, kw_only=True):
    csr: Text5500


class SignCertificateResponse(Message, frozen=True, kw_only=True):
    status: GenericStatusEnumType


class SignedFirmwareStatusNotificationRequest(Message, frozen=True, kw_only=True):
    status: FirmwareStatusEnumType
    requestId: int | UnsetType = UNSET


class SignedFirmwareStatusNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class SignedUpdateFirmwareRequest(Message, frozen=True, kw_only=True):
    retries: int | UnsetType = UNSET
    retryInterval: int | UnsetType = UNSET
    requestId: int
    firmware: FirmwareType


class SignedUpdateFirmwareResponse(Message, frozen=True, kw_only=True):
    status: UpdateFirmwareStatusEnumType


class StartTransactionRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    idTag: Text20
    meterStart: int
    reservationId: int | UnsetType = UNSET
    timestamp: Timestamp


class StartTransactionResponse(Message, frozen=True, kw_only=True):
    idTagInfo: IdTagInfo
    transactionId: int


class StatusNotificationRequest(Message, frozen=True, kw_only=True):
    connectorId: int
    errorCode: ChargePointErrorCode
    info: Text50 | UnsetType = UNSET
    status: ChargePointStatus
    timestamp: Timestamp | UnsetType = UNSET
    vendorId: Text255 | UnsetType = UNSET
    vendorErrorCode: Text50 | UnsetType = UNSET


class StatusNotificationResponse(Message, frozen=True, kw_only=True):
    pass


class TransactionData(Message, frozen=True, kw_only=True):
    timestamp: Timestamp
    sampledValue: Sequence[SampledValue]


class StopTransactionRequest(Message, frozen=True, kw_only=True):
    idTag: Text20 | UnsetType = UNSET
    meterStop: int
    timestamp: Timestamp
    transactionId: int
    reason: Reason | UnsetType = UNSET
    transactionData: Sequence[TransactionData] | UnsetType = UNSET


class StopTransactionResponse(Message, frozen=True, kw_only=True):
    idTagInfo: IdTagInfo | UnsetType = UNSET


class TriggerMessageRequest(Message, frozen=True, kw_only=True):
    requestedMessage: MessageTrigger
    connectorId: int | UnsetType = UNSET


class TriggerMessageResponse(Message, frozen=True, kw_only=True):
    status: TriggerMessageStatus


class UnlockConnectorRequest(Message, frozen=True, kw_only=True):
    connectorId: int


class UnlockConnectorResponse(Message, frozen=True, kw_only=True):
    status: UnlockStatus


class UpdateFirmwareRequest(Message, frozen=True, kw_only=True):
    location: Address
    retries: int | UnsetType = UNSET
    retrieveDate: Timestamp
    retryInterval: int | UnsetType = UNSET


class UpdateFirmwareResponse(Message, frozen=True, kw_only=True):
    pass


ACTIONS: Final[Mapping[str, tuple[type[Message], type[Message] | None]]] = {
    "Authorize": (AuthorizeRequest, AuthorizeResponse),
    "BootNotification": (BootNotificationRequest, BootNotificationResponse),
    "CancelReservation": (CancelReservationRequest, CancelReservationResponse),
    "CertificateSigned": (CertificateSignedRequest, CertificateSignedResponse),
    "ChangeAvailability": (ChangeAvailabilityRequest, ChangeAvailabilityResponse),
    "ChangeConfiguration": (ChangeConfigurationRequest, ChangeConfigurationResponse),
    "ClearCache": (ClearCacheRequest, ClearCacheResponse),
    "ClearChargingProfile": (ClearChargingProfileRequest, ClearChargingProfileResponse),
    "DataTransfer": (DataTransferRequest, DataTransferResponse),
    "DeleteCertificate": (DeleteCertificateRequest, DeleteCertificateResponse),
    "DiagnosticsStatusNotification": (DiagnosticsStatusNotificationRequest, DiagnosticsStatusNotificationResponse),
    "ExtendedTriggerMessage": (ExtendedTriggerMessageRequest, ExtendedTriggerMessageResponse),
    "FirmwareStatusNotification": (FirmwareStatusNotificationRequest, FirmwareStatusNotificationResponse),
    "GetCompositeSchedule": (GetCompositeScheduleRequest, GetCompositeScheduleResponse),
    "GetConfiguration": (GetConfigurationRequest, GetConfigurationResponse),
    "GetDiagnostics": (GetDiagnosticsRequest, GetDiagnosticsResponse),
    "GetInstalledCertificateIds": (GetInstalledCertificateIdsRequest, GetInstalledCertificateIdsResponse),
    "GetLocalListVersion": (GetLocalListVersionRequest, GetLocalListVersionResponse),
    "GetLog": (GetLogRequest, GetLogResponse),
    "Heartbeat": (HeartbeatRequest, HeartbeatResponse),
    "InstallCertificate": (InstallCertificateRequest, InstallCertificateResponse),
    "LogStatusNotification": (LogStatusNotificationRequest, LogStatusNotificationResponse),
    "MeterValues": (MeterValuesRequest, MeterValuesResponse),
    "RemoteStartTransaction": (RemoteStartTransactionRequest, RemoteStartTransactionResponse),
    "RemoteStopTransaction": (RemoteStopTransactionRequest, RemoteStopTransactionResponse),
    "ReserveNow": (ReserveNowRequest, ReserveNowResponse),
    "Reset": (ResetRequest, ResetResponse),
    "SecurityEventNotification": (SecurityEventNotificationRequest, SecurityEventNotificationResponse),
    "SendLocalList": (SendLocalListRequest, SendLocalListResponse),
    "SetChargingProfile": (SetChargingProfileRequest, SetChargingProfileResponse),
    "SignCertificate": (SignCertificateRequest, SignCertificateResponse),
    "SignedFirmwareStatusNotification": (
        SignedFirmwareStatusNotificationRequest,
        SignedFirmwareStatusNotificationResponse,
    ),
    "SignedUpdateFirmware": (SignedUpdateFirmwareRequest, SignedUpdateFirmwareResponse),
    "StartTransaction": (StartTransactionRequest, StartTransactionResponse),
    "StatusNotification": (StatusNotificationRequest, StatusNotificationResponse),
    "StopTransaction": (StopTransactionRequest, StopTransactionResponse),
    "TriggerMessage": (TriggerMessageRequest, TriggerMessageResponse),
    "UnlockConnector": (UnlockConnectorRequest, UnlockConnectorResponse),
    "UpdateFirmware": (UpdateFirmwareRequest, UpdateFirmwareResponse),
}
