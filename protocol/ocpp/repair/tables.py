"""What stations send, and what they mean by it: the tables of the repair path.

Spellings are compared without case, blanks and punctuation. A value that no table knows becomes the field's harmless
neighbour (`NEAREST`) or is left out; what was sent stays in the record of the repair, so nothing is lost. A row here
needs a frame in `tests/protocol/quirks/`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from protocol.ocpp.repair.times import NO_TIME

MONEY: Final = frozenset(("StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"))
"""Messages that carry what is billed: stations drop them after a CALLERROR, so what can be understood must decode."""

SAMPLES: Final = frozenset(("SampledValue", "SampledValueType"))
"""Message classes of one measured value."""

DECIDING: Final = frozenset(("value", "measurand", "phase", "unit"))
"""Fields without which a sample would say something else: it is left out as a whole when one cannot be read."""

MEANT: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "unit": {
            "hz": "Hertz",
            "c": "Celsius",
            "°c": "Celsius",
            "degc": "Celsius",
            "celcius": "Celsius",
            "f": "Fahrenheit",
            "%": "Percent",
            "percentage": "Percent",
            "kelvin": "K",
            "watt": "W",
            "watts": "W",
            "amp": "A",
            "amps": "A",
            "ampere": "A",
            "amperes": "A",
            "volt": "V",
            "volts": "V",
            "watthour": "Wh",
            "watthours": "Wh",
        },
        "measurand": {
            "energy": "Energy.Active.Import.Register",
            "energyactiveimport": "Energy.Active.Import.Register",
            "poweractive": "Power.Active.Import",
            "power": "Power.Active.Import",
            "current": "Current.Import",
            "stateofcharge": "SoC",
        },
        "phase": {"l1n": "L1-N", "l2n": "L2-N", "l3n": "L3-N", "1": "L1", "2": "L2", "3": "L3", "neutral": "N"},
        "context": {"periodic": "Sample.Periodic", "clock": "Sample.Clock", "begin": "Transaction.Begin"},
        "errorCode": {"": "NoError", "none": "NoError", "ok": "NoError", "overtemperature": "HighTemperature"},
        "status": {"occupied": "Preparing", "suspended": "SuspendedEVSE", "error": "Faulted", "fault": "Faulted"},
        "connectorStatus": {
            "preparing": "Occupied",
            "charging": "Occupied",
            "suspendedev": "Occupied",
            "suspendedevse": "Occupied",
            "finishing": "Occupied",
            "error": "Faulted",
            "fault": "Faulted",
        },
        "eventType": {"start": "Started", "begin": "Started", "update": "Updated", "end": "Ended", "stop": "Ended"},
        "type": {"rfid": "ISO14443", "mifare": "ISO14443", "appuser": "Central"},
    }
)
"""By field: normalised spelling → value; only used where the field's type has the value."""

NEAREST: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("StatusNotification", "errorCode"): "OtherError",
        ("StatusNotification", "status"): "Unavailable",
        ("StatusNotification", "connectorStatus"): "Unavailable",
        ("StopTransaction", "reason"): "Other",
        ("TransactionEvent", "stoppedReason"): "Other",
        ("TransactionEvent", "triggerReason"): "Trigger",
        ("TransactionEvent", "eventType"): "Updated",
        ("TransactionEvent", "type"): "ISO14443",
        ("Authorize", "type"): "ISO14443",
        ("BootNotification", "reason"): "Unknown",
    }
)
"""By action and field: what an unknown value becomes. Chosen to begin, end and free nothing."""

FILLED: Final[Mapping[tuple[str, str], Any]] = MappingProxyType(
    {
        ("StartTransaction", "/connectorId"): 1,
        ("StartTransaction", "/idTag"): "",
        ("StartTransaction", "/meterStart"): 0,
        ("StartTransaction", "/timestamp"): NO_TIME,
        ("StopTransaction", "/transactionId"): -1,
        ("StopTransaction", "/meterStop"): 0,
        ("StopTransaction", "/timestamp"): NO_TIME,
        ("StopTransaction", "/transactionData/*/timestamp"): NO_TIME,
        ("MeterValues", "/connectorId"): 1,
        ("MeterValues", "/evseId"): 1,
        ("MeterValues", "/meterValue/*/timestamp"): NO_TIME,
        ("TransactionEvent", "/timestamp"): NO_TIME,
        ("TransactionEvent", "/triggerReason"): "Trigger",
        ("TransactionEvent", "/seqNo"): 0,
        ("TransactionEvent", "/transactionInfo"): {"transactionId": ""},
        ("TransactionEvent", "/transactionInfo/transactionId"): "",
        ("TransactionEvent", "/idToken/type"): "ISO14443",
        ("TransactionEvent", "/meterValue/*/timestamp"): NO_TIME,
        ("StatusNotification", "/connectorId"): 0,
        ("StatusNotification", "/errorCode"): "NoError",
        ("StatusNotification", "/timestamp"): NO_TIME,
    }
)
"""By action and path: what stands for a required value that is missing, null or unreadable.

A filled value is no measurement. Who uses one of these fields looks at the repairs first (code `value_filled`, path).
"""

SCALED: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "mwh": (3, "kWh"),
        "gwh": (6, "kWh"),
        "mw": (3, "kW"),
        "ma": (-3, "A"),
        "mv": (-3, "V"),
        "kv": (3, "V"),
        "ka": (3, "A"),
    }
)
"""Units that 1.6 lacks: power of ten and the unit it has. A station that writes `mWh` means MWh, and MW by `mW`."""
