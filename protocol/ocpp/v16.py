"""OCPP 1.6: typed requests from stations into neutral messages, neutral replies into typed responses."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from msgspec import UNSET

from protocol.ocpp import neutral
from protocol.ocpp.given import given
from protocol.ocpp.measurands import Sample, default_measurand, number, totals
from protocol.ocpp.messages import v16 as m

_TO_JSON = msgspec.json.Encoder().encode
_ID_TAG_STATUS: Final = {
    "accepted": "Accepted",
    "blocked": "Blocked",
    "expired": "Expired",
    "concurrent": "ConcurrentTx",
    # 1.6 has no words for these; the token is known, and must not charge here and now.
    "no_credit": "Blocked",
    "not_allowed_type": "Blocked",
    "not_at_this_location": "Blocked",
    "not_at_this_time": "Blocked",
}


def evse_of(connector_id: int) -> tuple[int, int]:
    """A 1.6 connector as (evse, connector): each connector is an EVSE of its own, 0 is the whole station."""
    return connector_id, 1 if connector_id else 0


def _sample(value: m.SampledValue) -> Sample:
    phase, location, unit, measurand = value.phase, value.location, value.unit, value.measurand
    written = None if unit is UNSET else unit
    return (
        "" if value.format == "SignedData" else value.value,
        default_measurand(written) if measurand is UNSET else measurand,
        None if phase is UNSET else phase,
        None if location is UNSET else location,
        written,
        0,
    )


def _reading(values: m.MeterValue | m.TransactionData) -> neutral.Reading:
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
        _TO_JSON(sampled).decode(),
    )


def _readings(values: Sequence[m.MeterValue] | Sequence[m.TransactionData]) -> tuple[neutral.Reading, ...]:
    return tuple([_reading(value) for value in values])


def _booted(request: m.BootNotificationRequest) -> neutral.Message:
    more = {
        name: value
        for name in ("chargeBoxSerialNumber", "iccid", "imsi", "meterType", "meterSerialNumber")
        if (value := given(getattr(request, name))) is not None
    }
    return neutral.Booted(
        request.chargePointVendor,
        request.chargePointModel,
        given(request.chargePointSerialNumber),
        given(request.firmwareVersion),
        None,
        more,
    )


def _status(request: m.StatusNotificationRequest) -> neutral.Message:
    evse, connector = evse_of(request.connectorId)
    return neutral.StatusChanged(
        evse,
        connector,
        request.status,
        None if request.errorCode == "NoError" else request.errorCode,
        given(request.info),
        given(request.vendorErrorCode),
        given(request.timestamp),
    )


def _start(request: m.StartTransactionRequest) -> neutral.Message:
    evse, connector = evse_of(request.connectorId)
    return neutral.TransactionHappened(
        "began",
        None,
        request.timestamp,
        evse,
        connector,
        neutral.IdToken(request.idTag),
        meter=number(request.meterStart),
        reservation_id=neutral.reservation_number(request.reservationId),
    )


def _stop(request: m.StopTransactionRequest) -> neutral.Message:
    tag = given(request.idTag)
    return neutral.TransactionHappened(
        "ended",
        str(request.transactionId),
        request.timestamp,
        token=neutral.IdToken(tag) if tag is not None else None,
        readings=_readings(given(request.transactionData) or ()),
        meter=number(request.meterStop),
        reason=given(request.reason) or "Local",
    )


def _meter(request: m.MeterValuesRequest) -> neutral.Message:
    transaction = given(request.transactionId)
    evse, connector = evse_of(request.connectorId)
    return neutral.MeterRead(
        evse, connector, None if transaction is None else str(transaction), _readings(request.meterValue)
    )


def _transfer(request: m.DataTransferRequest) -> neutral.Message:
    return neutral.DataTransferred(request.vendorId, given(request.messageId), given(request.data))


_INCOMING: Final[dict[str, Callable[[Any], neutral.Message]]] = {
    "BootNotification": _booted,
    "Heartbeat": lambda _: neutral.HeartbeatAsked(),
    "StatusNotification": _status,
    "Authorize": lambda request: neutral.AuthorizeAsked(neutral.IdToken(request.idTag)),
    "StartTransaction": _start,
    "StopTransaction": _stop,
    "MeterValues": _meter,
    "DataTransfer": _transfer,
}

def understand(action: str, request: msgspec.Struct) -> neutral.Message:
    """What a station's request means."""
    translate = _INCOMING.get(action)
    if translate is not None:
        return translate(request)
    return neutral.Notified(action, request)


def _id_tag_info(verdict: neutral.TokenVerdict) -> m.IdTagInfo:
    status: Any = _ID_TAG_STATUS.get(verdict.status, "Invalid")
    return m.IdTagInfo(
        status=status,
        expiryDate=verdict.expires_at or msgspec.UNSET,
        parentIdTag=verdict.group.uid[:20] if verdict.group else msgspec.UNSET,
    )


def _transaction(reply: neutral.TransactionReply) -> msgspec.Struct:
    if reply.kind == "began":
        verdict = reply.verdict or neutral.TokenVerdict("accepted")
        return m.StartTransactionResponse(idTagInfo=_id_tag_info(verdict), transactionId=reply.transaction_id or 0)
    if reply.verdict is None:
        return m.StopTransactionResponse()
    return m.StopTransactionResponse(idTagInfo=_id_tag_info(reply.verdict))


def _as_text(data: Any) -> str:
    """The data of a transfer is a text in 1.6; other JSON goes as its text."""
    return data if isinstance(data, str) else _TO_JSON(data).decode()


def answer(action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct:
    """The typed response to that action. Raises TypeError for a reply that does not belong to it."""
    match reply:
        case neutral.EmptyReply():
            return response()
        case neutral.GivenReply(payload=payload):
            return msgspec.convert(payload, response)
        case neutral.TransactionReply():
            return _transaction(reply)
        case neutral.HeartbeatReply(now=now):
            return m.HeartbeatResponse(currentTime=now)
        case neutral.BootReply(status=status, interval=interval, now=now):
            registration: Any = status.capitalize()
            return m.BootNotificationResponse(status=registration, currentTime=now, interval=interval)
        case neutral.AuthorizeReply(verdict=verdict):
            return m.AuthorizeResponse(idTagInfo=_id_tag_info(verdict))
        case neutral.DataTransferReply(status=status, data=data):
            transfer: Any = status
            return m.DataTransferResponse(status=transfer, data=UNSET if data is None else _as_text(data))
        case _:
            raise TypeError(f"{type(reply).__name__} is no answer to {action}")
