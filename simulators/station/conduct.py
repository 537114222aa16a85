"""Bad manners a simulated station can be told to have, and the frames they need."""

import attrs
import orjson

from simulators.station.outbox import JsonObject, Outgoing

# Lasting manners, until `behave`.
SILENT = "silent"
ANSWERS_TWICE = "answers twice"
STRING_NUMBERS = "string numbers"
STOP_FIRST = "stop before start"
REPEAT_START = "repeat start"
ZERO_ID = "transaction id zero"
NO_BOOT = "no boot"
CLOCK_1970 = "clock in 1970"
REPORT_SHUFFLED = "shuffled reports"
REPORT_GAPS = "reports with gaps"
REPORT_ENDLESS = "endless reports"
LIST_ADRIFT = "list out of step"
LOCK_STUCK = "stuck lock"
# Done once, at the moment they are asked for.
FLOOD = "flood"
INVALID_JSON = "invalid json"
NULL_PAYLOAD = "null payload"
HUGE_FRAME = "huge frame"
EMPTY_FRAME = "empty frame"
NOT_A_LIST = "not a list"
UNKNOWN_ACTION = "unknown action"
UNASKED_ANSWER = "unasked answer"
METER_BACKWARDS = "meter backwards"

LASTING = (SILENT, ANSWERS_TWICE, STRING_NUMBERS, STOP_FIRST, REPEAT_START, ZERO_ID, NO_BOOT, CLOCK_1970,
           REPORT_SHUFFLED, REPORT_GAPS, REPORT_ENDLESS, LIST_ADRIFT, LOCK_STUCK)
ONCE = (FLOOD, INVALID_JSON, NULL_PAYLOAD, HUGE_FRAME, EMPTY_FRAME, NOT_A_LIST, UNKNOWN_ACTION, UNASKED_ANSWER,
        METER_BACKWARDS)
KINDS = LASTING + ONCE
DEFAULT_FLOOD = 1000
MOST_FLOOD = 100_000
HUGE_BYTES = 2_000_000


@attrs.define
class Conduct:
    """Which lasting manners are on, and counters for message ids of frames made by hand."""

    lasting: set[str] = attrs.Factory(set)
    made: int = 0

    def has(self, kind: str) -> bool:
        """True while that manner is on."""
        return kind in self.lasting

    def frames(self, kind: str, count: int) -> list[str]:
        """The frames of a manner that is done once."""
        if kind == FLOOD:
            return [self._heartbeat("{}") for _ in range(min(count, MOST_FLOOD))]
        self.made += 1
        return [{
            INVALID_JSON: f'[2,"bad-{self.made}","MeterValues",{{"connectorId":1,"transactionId":,"meterValue":[]}}]',
            NULL_PAYLOAD: f'[2,"bad-{self.made}","Heartbeat",null]',
            EMPTY_FRAME: "",
            NOT_A_LIST: '{"action":"Heartbeat"}',
            UNKNOWN_ACTION: f'[2,"bad-{self.made}","OpenPodBayDoors",{{}}]',
            UNASKED_ANSWER: f'[3,"nobody-asked-{self.made}",{{}}]',
            HUGE_FRAME: f'[2,"bad-{self.made}","DataTransfer",{{"vendorId":"x","data":"{"A" * HUGE_BYTES}"}}]',
        }[kind]]

    def _heartbeat(self, payload: str) -> str:
        self.made += 1
        return f'[2,"flood-{self.made}","Heartbeat",{payload}]'

    def encode(self, payload: JsonObject) -> bytes:
        """The payload as JSON, with every number as a string when so told."""
        return orjson.dumps(_numbers_as_text(payload) if self.has(STRING_NUMBERS) else payload)


def _numbers_as_text(value: object) -> object:
    if isinstance(value, dict):
        return {key: _numbers_as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers_as_text(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def begins_transaction(message: Outgoing) -> bool:
    """True for StartTransaction and for TransactionEvent Started."""
    return message.action == "StartTransaction" or _event_type(message) == "Started"


def ends_transaction(message: Outgoing) -> bool:
    """True for StopTransaction and for TransactionEvent Ended."""
    return message.action == "StopTransaction" or _event_type(message) == "Ended"


def _event_type(message: Outgoing) -> str | None:
    return message.build()["eventType"] if message.action == "TransactionEvent" else None
