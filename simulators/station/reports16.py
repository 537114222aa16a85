"""What a 1.6 station says: the model's occurrences as messages of OCPP 1.6."""

import json
from datetime import datetime

from simulators.station import charging, settings
from simulators.station.authority import TokenInfo
from simulators.station.commands16 import HANDLERS
from simulators.station.dialect import Answered, Handler, Reason, Trigger, moment
from simulators.station.outbox import Failure, JsonObject, Lane, Outgoing
from simulators.station.outlet import OutletState, Status, Transaction, forget_when_lost
from simulators.station.power import readings
from simulators.station.station import Station

MOST_TAG = 20


class V16:
    """The dialect of OCPP 1.6."""

    handlers: dict[str, Handler] = HANDLERS

    def boot(self, station: Station, reason: str, not_before: datetime | None) -> None:
        """BootNotification; 1.6 knows no reason."""
        config = station.config
        payload = {"chargePointVendor": config.vendor[:20], "chargePointModel": config.model[:20],
                   "firmwareVersion": station.firmware[:50]}
        if config.serial:
            payload["chargePointSerialNumber"] = config.serial[:25]

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
        """StatusNotification; connector 0 is the station."""
        if outlet is None:
            number, fault = 0, None
            status = Status.AVAILABLE if station.operative else Status.UNAVAILABLE
        else:
            number, fault, status = outlet.number, outlet.fault, outlet.status
        payload: JsonObject = {"connectorId": number, "errorCode": fault or "NoError", "status": status.value,
                               "timestamp": station.stamp(now)}
        station.outbox.put(Outgoing("StatusNotification", lambda: payload, done=forget_when_lost(outlet)))

    def authorize(self, station: Station, token: str, token_type: str, then: Answered) -> None:
        """Authorize; a 1.6 tag has no type and at most 20 characters."""
        def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
            then(None if answer is None else token_info(answer), now)

        station.outbox.put(Outgoing("Authorize", lambda: {"idTag": token[:MOST_TAG]}, done=done))

    def began(self, station: Station, outlet: OutletState, transaction: Transaction, trigger: Trigger,
              now: datetime) -> None:
        """StartTransaction; its answer brings the transaction id that all later messages carry."""
        payload: JsonObject = {"connectorId": outlet.number, "idTag": transaction.permit.token[:MOST_TAG],
                               "meterStart": transaction.meter_start, "timestamp": station.stamp(now)}

        def done(answer: JsonObject | None, failure: Failure | None, at: datetime) -> None:
            if answer is None:
                transaction.id = "-1"
                return
            transaction.id = "0" if station.zero_transaction_ids else str(answer["transactionId"])
            info = token_info(answer)
            station.authority.remember(transaction.permit.token, info)
            if not info.accepted(at):
                charging.refused_by_platform(station, transaction, at)

        station.outbox.put(Outgoing("StartTransaction", lambda: payload, Lane.TRANSACTION, done))

    def updated(self, station: Station, outlet: OutletState, transaction: Transaction, trigger: Trigger,
                now: datetime) -> None:
        """MeterValues; a mere change of state is told by StatusNotification alone."""
        if trigger is not Trigger.STATE_CHANGED:
            self._meter(station, outlet, transaction, "Trigger" if trigger is Trigger.TRIGGERED else "Sample.Periodic",
                        now)

    def advanced(self, station: Station, outlet: OutletState, transaction: Transaction, now: datetime) -> None:
        """1.6 knows no limits of transactions."""

    def ended(self, station: Station, outlet: OutletState, transaction: Transaction, reason: Reason,
              now: datetime) -> None:
        """StopTransaction."""
        meter, stamp = outlet.meter.whole_wh, station.stamp(now)
        tag = transaction.permit.token[:MOST_TAG]

        def build() -> JsonObject:
            payload: JsonObject = {"meterStop": meter, "timestamp": stamp, "reason": reason.v16,
                                   "transactionId": int(transaction.id or -1)}
            if reason in (Reason.LOCAL, Reason.REMOTE, Reason.DEPARTED):
                payload["idTag"] = tag
            return payload

        station.outbox.put(Outgoing("StopTransaction", build, Lane.TRANSACTION))

    def reservation_over(self, station: Station, number: int, why: str) -> None:
        """1.6 tells it by the connector's status alone."""

    def meter_values(self, station: Station, outlet: OutletState, now: datetime) -> None:
        """MeterValues on demand."""
        self._meter(station, outlet, outlet.transaction, "Trigger", now)

    def _meter(self, station: Station, outlet: OutletState, transaction: Transaction | None, context: str,
               now: datetime) -> None:
        wanted = station.settings.names(settings.SAMPLED)
        sampled = []
        for reading in readings(outlet.outlet, outlet.meter, outlet.flow, outlet.vehicle):
            if reading.measurand in wanted:
                value = {"value": str(reading.value), "measurand": reading.measurand, "unit": reading.unit,
                         "context": context}
                sampled.append(value | ({"phase": reading.phase} if reading.phase else {}))
        if transaction is not None and transaction.signed is not None:
            signed = {"signedMeterData": transaction.signed, "signingMethod": "", "encodingMethod": "OCMF",
                      "publicKey": ""}
            transaction.signed = None
            sampled.append({"value": json.dumps(signed), "format": "SignedData", "context": context,
                            "measurand": "Energy.Active.Import.Register"})
        meter = [{"timestamp": station.stamp(now), "sampledValue": sampled}]

        def build() -> JsonObject:
            payload: JsonObject = {"connectorId": outlet.number, "meterValue": meter}
            if transaction is not None and transaction.id is not None:
                payload["transactionId"] = int(transaction.id)
            return payload

        if sampled:
            lane = Lane.TRANSACTION if transaction else Lane.PLAIN
            station.outbox.put(Outgoing("MeterValues", build, lane, droppable=True))


def token_info(answer: JsonObject) -> TokenInfo:
    """`idTagInfo` as the station keeps it."""
    info = answer.get("idTagInfo") or {"status": "Accepted"}
    return TokenInfo(str(info["status"]), info.get("parentIdTag"), moment(info.get("expiryDate")))
