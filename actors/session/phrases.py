"""The command `transaction-status`: does it go on, and is anything of it still waiting (OCPP 2.0.1 Part 2, E14)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Payload, Phrase, Phrases, only_by
from protocol.ocpp.version import Version


def _status(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """Without a transaction: is anything waiting at all (E14.FR.06 to FR.08)."""
    payload: Payload = {} if facts.transaction_id is None else {"transactionId": facts.transaction_id}
    return "GetTransactionStatus", payload


V2: Final[Phrases] = {"transaction-status": _status}
V16: Final[Phrases] = {"transaction-status": only_by(Version.V201, Version.V21)}
