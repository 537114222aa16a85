"""What a decision needs from the store before it can be made, and the answers it then has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from actors.contract.pnc16_requests import authorize_of
from actors.device.prompts import Prompt, Prompts
from actors.ports import TokenFact, Weighed
from actors.records import UnmatchedRecord
from actors.session.matching import business_key, by_transaction, usable_number
from actors.session.model import Session
from actors.station.state import StationState
from protocol.ocpp.neutral import (
    AuthorizeAsked,
    DataTransferred,
    IdToken,
    Message,
    MeterRead,
    Notified,
    TransactionHappened,
    VariablesReported,
)
from protocol.ocpp.version import Version


class Question(msgspec.Struct, frozen=True):
    """`token`: look it up. `transaction_id`/`business_key`: find the session. `ledger`: what lies there unmatched."""

    token: IdToken | None = None
    transaction_id: str | None = None
    business_key: str | None = None
    ledger: bool = False


class Answers(msgspec.Struct, frozen=True):
    """What the store knew; all empty when nothing was asked."""

    token: TokenFact | None = None
    session: Session | None = None
    ledger: Sequence[UnmatchedRecord] = ()
    outside: Any = None  # what was consulted (consulting.py)
    weighed: Weighed = Weighed()  # the token with all that it is judged by
    wish: dict[str, Any] | None = None  # what we promised of a remote start that begins now
    prompt: Prompt | None = None  # what we asked that made the station say this


NOTHING = Answers()


def question(state: StationState, version: Version, message: Message) -> Question | None:
    """None for nearly every message: what is open lies in memory."""
    if type(message) is MeterRead:
        wanted = message.transaction_id
        if wanted is None or not usable_number(wanted) or by_transaction(state.sessions.values(), wanted):
            return None
        return Question(transaction_id=wanted)
    if type(message) is DataTransferred:
        message = authorize_of(version, message) or message
    if type(message) is AuthorizeAsked:
        return Question(token=message.token)
    if type(message) is TransactionHappened:
        return _of_transaction(state, version, message)
    return None


def _of_transaction(state: StationState, version: Version, message: TransactionHappened) -> Question | None:
    if version is Version.V16 and message.kind == "began":
        return Question(message.token, business_key=business_key(version, message), ledger=True)
    wanted = message.transaction_id or None
    known = wanted is None or by_transaction(state.sessions.values(), wanted) is not None
    if version is Version.V16 and not usable_number(wanted):
        known = True
    if known and message.token is None:
        return None
    return Question(message.token, None if known else wanted)


def prompted(answers: Answers, prompts: Prompts, action: str, message: Message, now: datetime) -> Answers:
    """With what we asked that made the station say this, where that matters: reports, and stations not yet accepted."""
    request_id = _report_number(message)
    found = prompts.find(action, request_id, now)
    return answers if found is None else replace(answers, prompt=found)


def _report_number(message: Message) -> int | None:
    """The request id of a report that has one."""
    if type(message) is VariablesReported:
        return message.request_id
    payload = message.payload if type(message) is Notified else None
    found = getattr(payload, "requestId", None)
    return found if isinstance(found, int) else None
