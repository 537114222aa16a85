"""OCPP 2.0.1 and 2.1: typed requests from stations into neutral messages, neutral replies into typed responses.

Both versions spell what they share alike; `v201.py` and `v21.py` say what each has of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET

from protocol.ocpp import neutral
from protocol.ocpp.given import given
from protocol.ocpp.measurands import Sample, default_measurand, totals
from protocol.ocpp.told import members

T = TypeVar("T")

_TO_JSON = msgspec.json.Encoder(order="sorted").encode
_SAMPLED_TO_JSON = msgspec.json.Encoder().encode
_TOKEN_STATUS: Final = {
    "accepted": "Accepted",
    "blocked": "Blocked",
    "expired": "Expired",
    "invalid": "Invalid",
    "concurrent": "ConcurrentTx",
    "no_credit": "NoCredit",
    "not_allowed_type": "NotAllowedTypeEVSE",
    "not_at_this_location": "NotAtThisLocation",
    "not_at_this_time": "NotAtThisTime",
}
_KINDS: Final[dict[str, neutral.Kind]] = {"Started": "began", "Updated": "updated", "Ended": "ended"}
# OCPP 2.1 Part 2, G01.FR.04 and the Connector component: AvailabilityState and Problem describe a connector.
_AVAILABILITY: Final = frozenset(("AvailabilityState",))


def _sample(value: Any) -> Sample:
    phase, location, measurand, measure = value.phase, value.location, value.measurand, value.unitOfMeasure
    unit = None if measure is UNSET else given(measure.unit)
    return (
        value.value,
        default_measurand(unit) if measurand is UNSET else measurand,
        None if phase is UNSET else phase,
        None if location is UNSET else location,
        unit,
        0 if measure is UNSET or measure.multiplier is UNSET else measure.multiplier,
    )


def _reading(values: Any) -> neutral.Reading:
    sampled = values.sampledValue
    sums = totals([_sample(value) for value in sampled])
    context = given(sampled[0].context) if sampled else None
    return neutral.Reading(
        values.timestamp,
        context or "Sample.Periodic",
        sums.import_wh,
        sums.export_wh,
        sums.power_w,
        sums.soc,
        _SAMPLED_TO_JSON(sampled).decode(),
    )


def _readings(values: Sequence[Any] | None) -> tuple[neutral.Reading, ...]:
    return tuple([_reading(value) for value in values or ()])


def _token(token: Any) -> neutral.IdToken | None:
    if token is None:
        return None
    more = given(token.additionalInfo) or ()
    return neutral.IdToken(token.idToken, token.type, tuple((each.additionalIdToken, each.type) for each in more))


def _authorize(request: Any) -> neutral.Message:
    return neutral.AuthorizeAsked(
        _token(request.idToken) or neutral.IdToken(""),
        given(request.certificate),
        tuple(given(request.iso15118CertificateHashData) or ()),
    )


def _booted(request: Any) -> neutral.Message:
    station = request.chargingStation
    modem = given(station.modem)
    return neutral.Booted(
        station.vendorName,
        station.model,
        given(station.serialNumber),
        given(station.firmwareVersion),
        request.reason,
        {} if modem is None else {k: v for k in ("iccid", "imsi") if (v := given(getattr(modem, k))) is not None},
    )


def _status(request: Any) -> neutral.Message:
    return neutral.StatusChanged(
        request.evseId, request.connectorId, request.connectorStatus, None, None, None, request.timestamp
    )


def _availability(event: Any) -> neutral.StatusChanged | None:
    evse = given(event.component.evse)
    if event.component.name not in ("Connector", "EVSE") or event.variable.name not in _AVAILABILITY or evse is None:
        return None
    connector = given(evse.connectorId)
    if connector is None:
        connector = 1 if event.component.name == "Connector" else 0
    return neutral.StatusChanged(
        evse.id, connector, event.actualValue, None, given(event.techInfo), given(event.techCode), event.timestamp
    )


def _events(request: Any) -> neutral.Message:
    changes = tuple(change for event in request.eventData if (change := _availability(event)) is not None)
    return neutral.StatusesChanged(changes, request if len(changes) < len(request.eventData) else None)


def more_of(request: Any) -> dict[str, Any] | None:
    """What 2.0.1 knows of TransactionMore; None when the event says none of it."""
    phases, current = request.numberOfPhasesUsed, request.cableMaxCurrent
    seconds = request.transactionInfo.timeSpentCharging
    if phases is UNSET and current is UNSET and seconds is UNSET:
        return None
    return {"phases": given(phases), "cable_max_current_a": given(current), "charging_seconds": given(seconds)}


def transaction(request: Any, more: dict[str, Any] | None) -> neutral.TransactionHappened:
    """TransactionEvent; `more` as the version reads it."""
    info, evse = request.transactionInfo, given(request.evse)
    return neutral.TransactionHappened(
        _KINDS[request.eventType],
        info.transactionId,
        request.timestamp,
        evse.id if evse is not None else None,
        given(evse.connectorId) if evse is not None else None,
        _token(given(request.idToken)),
        _readings(given(request.meterValue)),
        None,
        given(info.stoppedReason) or ("Local" if request.eventType == "Ended" else None),
        given(info.chargingState),
        request.triggerReason,
        request.seqNo,
        bool(given(request.offline)),
        given(info.remoteStartId),
        neutral.reservation_number(request.reservationId),
        None if more is None else neutral.TransactionMore(**more),
    )


def _transaction(request: Any) -> neutral.Message:
    return transaction(request, more_of(request))


def _meter(request: Any) -> neutral.Message:
    return neutral.MeterRead(request.evseId, None, None, _readings(request.meterValue))


def canonical(part: msgspec.Struct) -> str:
    """A component or variable as JSON text that is the same for the same content."""
    return _TO_JSON(part).decode()


def _report(request: Any) -> neutral.Message:
    items = []
    for data in given(request.reportData) or ():
        characteristics = given(data.variableCharacteristics)
        shared = {} if characteristics is None else {"characteristics": msgspec.to_builtins(characteristics)}
        component, variable = canonical(data.component), canonical(data.variable)
        for attribute in data.variableAttribute:
            detail = msgspec.to_builtins(attribute)
            detail.pop("value", None)
            detail.pop("type", None)
            items.append(
                neutral.VariableSeen(
                    component, variable, given(attribute.type) or "Actual", given(attribute.value), detail | shared
                )
            )
    return neutral.VariablesReported(request.requestId, request.seqNo, bool(given(request.tbc)), tuple(items))


def _transfer(request: Any) -> neutral.Message:
    return neutral.DataTransferred(request.vendorId, given(request.messageId), given(request.data))


INCOMING: Final[Mapping[str, Callable[[Any], neutral.Message]]] = {
    "BootNotification": _booted,
    "Heartbeat": lambda _: neutral.HeartbeatAsked(),
    "StatusNotification": _status,
    "NotifyEvent": _events,
    "Authorize": _authorize,
    "TransactionEvent": _transaction,
    "MeterValues": _meter,
    "NotifyReport": _report,
    "DataTransfer": _transfer,
}


def _token_info(types: ModuleType, verdict: neutral.TokenVerdict) -> Any:
    group = verdict.group
    return types.IdTokenInfoType(
        status=_TOKEN_STATUS.get(verdict.status, "Unknown"),
        cacheExpiryDateTime=_or_unset(verdict.expires_at),
        chargingPriority=_or_unset(verdict.priority),
        groupIdToken=types.IdTokenType(idToken=group.uid, type=group.type or "Central") if group else msgspec.UNSET,
        language1=_or_unset(verdict.language1),
        language2=_or_unset(verdict.language2),
        evseId=verdict.evses or msgspec.UNSET,
        personalMessage=_personal(types, verdict.message) if verdict.message else msgspec.UNSET,
    )


def _personal(types: ModuleType, message: neutral.PersonalMessage) -> Any:
    return types.MessageContentType(
        format=message.format, content=message.content[:512], language=_or_unset(message.language)
    )


def _status_info(types: ModuleType, reason: str, text: str) -> Any:
    return types.StatusInfoType(reasonCode=reason[:20], additionalInfo=text[:512])


def _or_unset(value: T | None) -> T | msgspec.UnsetType:
    return msgspec.UNSET if value is None else value


def answer(types: ModuleType, action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct:
    """The typed response to that action. Raises TypeError for a reply that does not belong to it."""
    made: msgspec.Struct
    match reply:
        case neutral.EmptyReply():
            return response()
        case neutral.GivenReply(payload=payload):
            return msgspec.convert(payload, response)
        case neutral.TransactionReply(verdict=None, told=None):
            return response()
        case neutral.TransactionReply(verdict=verdict, told=told):
            info = {} if verdict is None else {"idTokenInfo": _token_info(types, verdict)}
            made = response(**info, **members(types, response, told))
        case neutral.HeartbeatReply(now=now):
            made = types.HeartbeatResponse(currentTime=now)
        case neutral.BootReply(status=status, interval=interval, now=now):
            made = types.BootNotificationResponse(status=status.capitalize(), currentTime=now, interval=interval)
        case neutral.AuthorizeReply(verdict=verdict, certificate_status=certificate, allowed_energy_transfer=allowed):
            newest: dict[str, Any] = {"allowedEnergyTransfer": list(allowed)} if allowed else {}
            if reply.tariff is not None:
                newest["tariff"] = msgspec.convert(reply.tariff, types.TariffType)
            made = types.AuthorizeResponse(
                idTokenInfo=_token_info(types, verdict), certificateStatus=_or_unset(certificate), **newest
            )
        case neutral.DataTransferReply(status=status, data=data, info=info):
            more = {} if info is None else {"statusInfo": _status_info(types, *info)}
            made = types.DataTransferResponse(status=status, data=_or_unset(data), **more)
        case _:
            raise TypeError(f"{type(reply).__name__} is no answer to {action}")
    return made
