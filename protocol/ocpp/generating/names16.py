"""The names of the types inside OCPP 1.6 messages, which most of its schemas leave anonymous.

Taken from OCPP 1.6 chapter 7 ("Types"); `TransactionData` is ours, for the MeterValue of StopTransaction, whose schema
allows an empty list of sampled values where the one of MeterValues does not.
"""

# By property, wherever it stands.
BY_PROPERTY = {
    "idTagInfo": "IdTagInfo",
    "localAuthorizationList": "AuthorizationData",
    "chargingProfile": "ChargingProfile",
    "csChargingProfiles": "ChargingProfile",
    "chargingSchedule": "ChargingSchedule",
    "chargingSchedulePeriod": "ChargingSchedulePeriod",
    "configurationKey": "KeyValue",
    "meterValue": "MeterValue",
    "transactionData": "TransactionData",
    "sampledValue": "SampledValue",
    "chargingProfilePurpose": "ChargingProfilePurposeType",
    "chargingProfileKind": "ChargingProfileKindType",
    "recurrencyKind": "RecurrencyKindType",
    "chargingRateUnit": "ChargingRateUnitType",
    "updateType": "UpdateType",
    "errorCode": "ChargePointErrorCode",
    "reason": "Reason",
    "requestedMessage": "MessageTrigger",
    "context": "ReadingContext",
    "format": "ValueFormat",
    "measurand": "Measurand",
    "phase": "Phase",
    "location": "Location",
    "unit": "UnitOfMeasure",
}

# By struct and property, where the property's name alone says too little.
BY_OWNER = {
    ("IdTagInfo", "status"): "AuthorizationStatus",
    ("BootNotificationResponse", "status"): "RegistrationStatus",
    ("CancelReservationResponse", "status"): "CancelReservationStatus",
    ("ChangeAvailabilityRequest", "type"): "AvailabilityType",
    ("ChangeAvailabilityResponse", "status"): "AvailabilityStatus",
    ("ChangeConfigurationResponse", "status"): "ConfigurationStatus",
    ("ClearCacheResponse", "status"): "ClearCacheStatus",
    ("ClearChargingProfileResponse", "status"): "ClearChargingProfileStatus",
    ("DataTransferResponse", "status"): "DataTransferStatus",
    ("DiagnosticsStatusNotificationRequest", "status"): "DiagnosticsStatus",
    ("FirmwareStatusNotificationRequest", "status"): "FirmwareStatus",
    ("GetCompositeScheduleResponse", "status"): "GetCompositeScheduleStatus",
    ("RemoteStartTransactionResponse", "status"): "RemoteStartStopStatus",
    ("RemoteStopTransactionResponse", "status"): "RemoteStartStopStatus",
    ("ReserveNowResponse", "status"): "ReservationStatus",
    ("ResetRequest", "type"): "ResetType",
    ("ResetResponse", "status"): "ResetStatus",
    ("SendLocalListResponse", "status"): "UpdateStatus",
    ("SetChargingProfileResponse", "status"): "ChargingProfileStatus",
    ("StatusNotificationRequest", "status"): "ChargePointStatus",
    ("TriggerMessageResponse", "status"): "TriggerMessageStatus",
    ("UnlockConnectorResponse", "status"): "UnlockStatus",
}

# One type serves two schemas here: StopTransaction's list of units lacks the Hertz that MeterValues has.
WIDENED = frozenset({"UnitOfMeasure"})


def anonymous_name(owner: str, field: str) -> str:
    """The name of the type that a property of a 1.6 struct spells out in place."""
    name = BY_OWNER.get((owner, field)) or BY_PROPERTY.get(field)
    if name is None:
        raise LookupError(f"OCPP 1.6 {owner}.{field} has no name for its type; add it to {__name__}")
    return name
