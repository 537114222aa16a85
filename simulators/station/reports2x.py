"""What a 2.0.1 or 2.1 station says: the model's occurrences as messages of OCPP 2.x."""

import uuid
from datetime import datetime

from simulators.station import charging, settings, tariffs, transactions, web_payment
from simulators.station.authority import TokenInfo
from simulators.station.commands2x import HANDLERS_21, HANDLERS_201
from simulators.station.dialect import Answered, Handler, Reason, Trigger, moment
from simulators.station.outbox import Failure, JsonObject, Lane, Outgoing
from simulators.station.outlet import OutletState, Status, Transaction, forget_when_lost
from simulators.station.power import readings
from simulators.station.station import Station

PUBLIC_KEY = "b2NhOmJhc2UxNjphc24xOjMwNTkzMDEz"  # oca:base16:asn1:30593013, as a meter's plate shows it
_SHORT_STATUS = {Status.AVAILABLE: "Available", Status.RESERVED: "Reserved", Status.UNAVAILABLE: "Unavailable",
                 Status.FAULTED: "Faulted"}


class V2:
    """The dialect of OCPP 2.0.1; 2.1 answers some calls more."""

    def __init__(self, *, newer: bool) -> None:
        self.newer = newer
        self.handlers: dict[str, Handler] = HANDLERS_21 if newer else HANDLERS_201

    def boot(self, station: Station, reason: str, not_before: datetime | None) -> None:
        """BootNotification with its reason."""
        config = station.config
        plate = {"vendorName": config.vendor[:50], "model": config.model[:20], "firmwareVersion": station.firmware[:50]}
        if config.serial:
            plate["serialNumber"] = config.serial[:25]
        payload: JsonObject = {"chargingStation": plate, "reason": reason}

        def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
            if answer is None:
                station.boot_failed(now)
            else:
                station.boot_answered(str(answer["status"]), int(answer["interval"]), now)

        station.outbox.put(Outgoing("BootNotification", lambda: payload, Lane.BOOT, done, not_before=not_before))

    def heartbeat(self, station: Station) -> None:
        """Heartbeat."""
        station.outbox.put(Outgoing("Heartbeat", dict))

    def status(self, station: Station, outlet: OutletState | None, now: datetime) -> None:
        """StatusNotification of a connector; the station as a whole has none in 2.x."""
        if outlet is None:
            return
        payload: JsonObject = {"timestamp": station.stamp(now), "evseId": outlet.number, "connectorId": 1,
                               "connectorStatus": _SHORT_STATUS.get(outlet.status, "Occupied")}
        station.outbox.put(Outgoing("StatusNotification", lambda: payload, done=forget_when_lost(outlet)))

    def authorize(self, station: Station, token: str, token_type: str, then: Answered) -> None:
        """Authorize."""
        payload: JsonObject = {"idToken": {"idToken": token[:36], "type": token_type}}

        def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
            then(None if answer is None else token_info(answer), now)

        station.outbox.put(Outgoing("Authorize", lambda: payload, done=done))

    def began(self, station: Station, outlet: OutletState, transaction: Transaction, trigger: Trigger,
              now: datetime) -> None:
        """TransactionEvent Started; the station makes the transaction's id."""
        transaction.id = str(uuid.UUID(int=station.random.getrandbits(128), version=4))
        web_payment.begun(outlet, transaction)
        self._event(station, outlet, transaction, "Started", trigger, "Transaction.Begin", now)

    def updated(self, station: Station, outlet: OutletState, transaction: Transaction, trigger: Trigger,
                now: datetime) -> None:
        """TransactionEvent Updated."""
        context = "Trigger" if trigger is Trigger.TRIGGERED else "Sample.Periodic"
        self._event(station, outlet, transaction, "Updated", trigger, context, now)

    def ended(self, station: Station, outlet: OutletState, transaction: Transaction, reason: Reason,
              now: datetime) -> None:
        """TransactionEvent Ended."""
        self._event(station, outlet, transaction, "Ended", reason.trigger, "Transaction.End", now, reason)

    def advanced(self, station: Station, outlet: OutletState, transaction: Transaction, now: datetime) -> None:
        """A limit may have been reached."""
        transactions.check_limit(station, outlet, transaction, now)

    def reservation_over(self, station: Station, number: int, why: str) -> None:
        """ReservationStatusUpdate (H04)."""
        payload: JsonObject = {"reservationId": number, "reservationUpdateStatus": why}
        station.outbox.put(Outgoing("ReservationStatusUpdate", lambda: payload))

    def meter_values(self, station: Station, outlet: OutletState, now: datetime) -> None:
        """MeterValues on demand, outside any transaction."""
        payload: JsonObject = {"evseId": outlet.number, "meterValue": _meter(station, outlet, "Trigger", now)}
        if payload["meterValue"]:
            station.outbox.put(Outgoing("MeterValues", lambda: payload))

    def _event(self, station: Station, outlet: OutletState, transaction: Transaction, kind: str, trigger: Trigger,
               context: str, now: datetime, reason: Reason | None = None) -> None:
        told_id = "0" if station.zero_transaction_ids else transaction.id
        info: JsonObject = {"transactionId": told_id, "timeSpentCharging": int(transaction.charging_s),
                            "chargingState": outlet.charging_state.value}
        if reason is not None:
            info["stoppedReason"] = reason.v2
        extra, transaction.extra = transaction.extra, {}
        if self.newer:
            info |= transaction.info
            transaction.info = {}
            tariff = tariffs.tariff_of(station, transaction)
            if tariff is not None:
                info["tariffId"] = tariff["tariffId"]  # I08.FR.13
                details = tariffs.cost_details(station, outlet, transaction) if kind == "Ended" else None
                extra |= {} if details is None else {"costDetails": details}
        if transaction.permit.remote_id is not None:
            info["remoteStartId"] = transaction.permit.remote_id
        payload: JsonObject = {
            "eventType": kind, "timestamp": station.stamp(now), "triggerReason": trigger.value,
            "seqNo": transaction.next_sequence(), "transactionInfo": info,
            "evse": {"id": outlet.number, "connectorId": 1},
        }
        if not station.online:
            payload["offline"] = True
        if outlet.flow.phases and not outlet.outlet.dc:
            payload["numberOfPhasesUsed"] = outlet.flow.phases
        if kind == "Started" or reason is Reason.LOCAL:
            payload["idToken"] = {"idToken": transaction.permit.token[:36], "type": transaction.permit.token_type}
        payload |= extra if self.newer else {}
        values = _meter(station, outlet, context, now)
        if values:
            payload["meterValue"] = values

        def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
            if answer is not None:
                transactions.answered(station, transaction, answer, at)
            if answer is None or "idTokenInfo" not in answer or kind == "Ended":
                return
            word = token_info(answer)
            station.authority.remember(transaction.permit.token, word)
            if not word.accepted(at):
                charging.refused_by_platform(station, transaction, at)

        station.outbox.put(Outgoing("TransactionEvent", lambda: payload, Lane.TRANSACTION, done,
                                    droppable=kind == "Updated"))


def _meter(station: Station, outlet: OutletState, context: str, now: datetime) -> list[JsonObject]:
    wanted = station.settings.names(settings.SAMPLED)
    sampled: list[JsonObject] = []
    signed = None if outlet.transaction is None else outlet.transaction.signed
    if outlet.transaction is not None:
        outlet.transaction.signed = None
    for reading in readings(outlet.outlet, outlet.meter, outlet.flow, outlet.vehicle):
        if reading.measurand in wanted or ".Export" in reading.measurand:
            value: JsonObject = {"value": float(reading.value), "measurand": reading.measurand, "context": context,
                                 "unitOfMeasure": {"unit": reading.unit}}
            if signed is not None and reading.measurand == "Energy.Active.Import.Register":
                value["signedMeterValue"] = {"signedMeterData": signed, "signingMethod": "", "encodingMethod": "OCMF",
                                             "publicKey": PUBLIC_KEY}
            sampled.append(value | ({"phase": reading.phase} if reading.phase else {}))
    return [{"timestamp": station.stamp(now), "sampledValue": sampled}] if sampled else []


def token_info(answer: JsonObject) -> TokenInfo:
    """`idTokenInfo` as the station keeps it."""
    info = answer["idTokenInfo"]
    group = info.get("groupIdToken")
    return TokenInfo(str(info["status"]), group["idToken"] if group else None, moment(info.get("cacheExpiryDateTime")))
