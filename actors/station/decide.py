"""What a station's message leads to: `decide(…) → Decision`. Pure, and the place to look for what Voltyard does.

One function a kind of message, one table from kind to function.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from actors.authorization import effects
from actors.charging.ending import transaction_ended
from actors.charging.transfers import with_transfers
from actors.contract.authorizing import authorized
from actors.datatransfer.incoming import transferred
from actors.device import reports
from actors.payment.settling import settlement_due
from actors.provisioning import admission
from actors.records import Record
from actors.security import sufferance
from actors.session.model import Session
from actors.session.notices import event as session_event
from actors.station import status, summaries, transactions2, transactions16
from actors.station.heard import Heard
from actors.station.incoming import INCOMING
from actors.station.questions import NOTHING, Answers
from actors.station.state import StationState, to_row
from actors.station.tokens import Start, judge, mind_refused
from actors.station.transactions_details import ask_about_open
from actors.station.who import NewId, Station
from actors.station.work import Work
from actors.tariffs.driver import with_tariff
from protocol.events import types as events
from protocol.ocpp import neutral
from protocol.ocpp.version import Version


class Decision(msgspec.Struct, frozen=True):
    """`state` after the message, the reply (None: nothing to answer), what to store, and the sessions that moved."""

    state: StationState
    reply: neutral.Reply | None
    records: Sequence[Record]
    moved: Sequence[Session] = ()


def decide(
    station: Station, state: StationState, message: neutral.Message, answers: Answers, now: datetime, new_id: NewId
) -> Decision:
    """The decision for one message of a station."""
    work = Work(station.id, state, now, new_id)
    if state.registration != "accepted":
        refused = admission.refusal(station, work, message, answers.prompt)
        if refused is not None:
            return conclude(station, work, refused)
    reply = _DECIDE[type(message)](station, work, message, answers)
    return conclude(station, work, reply)


def conclude(station: Station, work: Work, reply: neutral.Reply | None) -> Decision:
    """Rows and events for all that happened to sessions, and the state after it."""
    for kind, session_id in work.happened:
        if kind == "ended":
            transaction_ended(work, station.version, work.session(session_id))
            settlement_due(work, station, work.session(session_id))
        work.event(events.make(session_event(kind, work.session(session_id), station.id, station.identity)))
    for kind, transaction_id in work.unmatched:
        unmatched = events.UnmatchedRecorded(
            unmatched_id=work.new_id(),
            station_id=station.id,
            station=station.identity,
            kind=kind,
            transaction_id=transaction_id,
        )
        work.event(events.make(unmatched))
    if work.lists:
        for summary in summaries.of_lists(station, list(work.records)):
            work.event(events.make(summary))
    state = work.finish()
    if state.next_transaction != work.before.next_transaction or state.assemblies is not work.before.assemblies:
        work.records.append(to_row(state))
    return Decision(state, reply, work.records, list(work.sessions.values()))


def _booted(station: Station, work: Work, message: neutral.Booted, _: Answers) -> neutral.Reply:
    wrong = sufferance.wrong_serial(station, work, message.serial_number)
    if wrong is not None:
        return neutral.RefusedReply(wrong, "SecurityError")
    now = work.received()
    answer, interval = admission.boot_answer(work.state)
    answer = sufferance.boot_answer(station, answer)
    before = work.state.boot
    boot = {
        "vendor": message.vendor,
        "model": message.model,
        "serial_number": message.serial_number,
        "firmware_version": message.firmware_version,
        "reason": message.reason,
        "at": events.timestamp(now),
        "status": answer,
        **message.more,
    }
    work.state = replace(work.state, boot=boot, booted_now=True, last_seen_at=now, registration=answer)
    work.records.append(to_row(work.state))
    work.event(
        events.make(
            events.StationBooted(
                station_id=station.id,
                station=station.identity,
                admission=answer,
                vendor=message.vendor,
                model=message.model,
                serial_number=message.serial_number,
                firmware_version=message.firmware_version,
                reason=message.reason,
                version=station.version.value,
            )
        )
    )
    admission.after_boot(work, before, answer)
    if station.version is not Version.V16:
        ask_about_open(work)
    return neutral.BootReply(answer, interval, work.now)


def _heartbeat(_: Station, work: Work, message: neutral.HeartbeatAsked, __: Answers) -> neutral.Reply:
    """G02: our time. That the station is there, every frame of it says (actors/station/actor.py)."""
    return neutral.HeartbeatReply(work.now)


def _status(station: Station, work: Work, message: neutral.StatusChanged, _: Answers) -> neutral.Reply:
    status.changed(work, station.identity, station.version, message)
    return neutral.EmptyReply()


def _statuses(station: Station, work: Work, message: neutral.StatusesChanged, _: Answers) -> neutral.Reply:
    for change in message.changes:
        status.changed(work, station.identity, station.version, change)
    if message.more is not None:
        return INCOMING["NotifyEvent"](work, Heard(station, "NotifyEvent", message.more, _))
    return neutral.EmptyReply()


def _verdict(
    station: Station, work: Work, message: neutral.TransactionHappened, answers: Answers
) -> neutral.TokenVerdict | None:
    """What the station has authorised by itself is checked again here, and the answer says what we think of it.

    C12.FR.03, F01.FR.03; E01.FR.11 and E01.FR.12; E02.FR.02 and E02.FR.04; E03.FR.02; E05.FR.01.
    """
    if message.token is None:
        return None
    start = None
    if message.kind == "began":
        at, _ = work.corrected(message.at)
        start = Start(at, message.evse, message.transaction_id, message.reservation_id)
    return judge(message.token, answers.weighed, station, work.now, strict=work.state.strict, start=start)


def _authorize(station: Station, work: Work, message: neutral.AuthorizeAsked, answers: Answers) -> neutral.Reply:
    verdict = judge(message.token, answers.weighed, station, work.now, strict=work.state.strict)
    verdict = mind_refused(work.state, message.token, verdict)
    effects.presented(station, work, message.token, verdict)
    return neutral.AuthorizeReply(verdict)


def _by_contract(station: Station, work: Work, message: neutral.AuthorizeAsked, answers: Answers) -> neutral.Reply:
    reply = authorized(station, work, message, answers, _authorize(station, work, message, answers))
    reply = with_tariff(station.version, work.state, message, reply)
    return with_transfers(station.version, work.state, message, reply)


def _transaction(station: Station, work: Work, message: neutral.TransactionHappened, answers: Answers) -> neutral.Reply:
    verdict = _verdict(station, work, message, answers)
    if answers.session is not None and answers.session.id not in work.state.sessions:
        work.take(answers.session)
    if station.version is not Version.V16:
        reply = transactions2.happened(work, message, answers, verdict)
    elif message.kind == "began":
        reply = transactions16.start(work, message, answers, verdict or neutral.TokenVerdict("unknown"))
    else:
        reply = transactions16.stop(work, message, answers, verdict)
    if message.token is not None and verdict is not None and work.happened:
        effects.presented(station, work, message.token, verdict)
    effects.reservation_used(station, work, message, answers.weighed)
    return reply


def _meter(station: Station, work: Work, message: neutral.MeterRead, answers: Answers) -> neutral.Reply:
    if answers.session is not None and answers.session.id not in work.state.sessions:
        work.take(answers.session)
    if station.version is Version.V16:
        transactions16.meter(work, message, answers)
    else:
        transactions2.meter(work, message)
    return neutral.EmptyReply()


def _variables(station: Station, work: Work, message: neutral.VariablesReported, answers: Answers) -> neutral.Reply:
    reports.part(station, work, message, answers.prompt)
    return neutral.EmptyReply()


def _transfer(station: Station, work: Work, message: neutral.DataTransferred, answers: Answers) -> neutral.Reply:
    return transferred(station, work, message, answers, _by_contract)


def _notified(station: Station, work: Work, message: neutral.Notified, answers: Answers) -> neutral.Reply:
    handler = INCOMING.get(message.action)
    if handler is None:
        return neutral.RefusedReply(f"{message.action} is ours to send")
    return handler(work, Heard(station, message.action, message.payload, answers))


_DECIDE: Final[Mapping[type, Callable[[Station, Work, Any, Answers], neutral.Reply]]] = {
    neutral.Booted: _booted,
    neutral.HeartbeatAsked: _heartbeat,
    neutral.StatusChanged: _status,
    neutral.StatusesChanged: _statuses,
    neutral.AuthorizeAsked: _by_contract,
    neutral.TransactionHappened: _transaction,
    neutral.MeterRead: _meter,
    neutral.VariablesReported: _variables,
    neutral.DataTransferred: _transfer,
    neutral.Notified: _notified,
}


def connected(
    station: Station, state: StationState, address: str, profile: int, now: datetime, new_id: NewId
) -> Decision:
    """A connection has claimed the station, for the first time or again (B04): what it then says is what counts."""
    work = Work(station.id, state, now, new_id)
    stamp = work.received()
    work.state = replace(
        state,
        online=True,
        version=station.version,
        connected_at=stamp,
        last_seen_at=stamp,
        remote_address=address,
        booted_now=False,
    )
    work.records.append(to_row(work.state))
    work.event(
        events.make(
            events.StationOnline(
                station_id=station.id,
                station=station.identity,
                version=station.version.value,
                security_profile=profile,
                remote_address=address,
            )
        )
    )
    admission.after_connect(work)
    sufferance.connected(station, work)
    return conclude(station, work, None)


def disconnected(station: Station, state: StationState, ending: str, now: datetime, new_id: NewId) -> Decision:
    """The connection has ended and no newer one took its place."""
    work = Work(station.id, state, now, new_id)
    stamp = work.received()
    offline = events.StationOffline(
        station_id=station.id, station=station.identity, ending=ending, connected_at=state.connected_at
    )
    work.state = replace(state, online=False, last_seen_at=stamp)
    work.records.append(to_row(work.state))
    work.event(events.make(offline))
    return conclude(station, work, None)


def time_passed(station: Station, state: StationState, now: datetime, new_id: NewId) -> Decision:
    """A deadline of the state has come: sessions left behind are closed as orphans, silent reports end."""
    work = Work(station.id, state, now, new_id)
    status.close_left_behind(work)
    reports.end_silent(station, work)
    return conclude(station, work, None)


def next_check(state: StationState) -> datetime | None:
    """When `time_passed` may next find something."""
    left, silent = status.next_check(state), reports.next_check(state) if state.assemblies else None
    return left if silent is None else silent if left is None else min(left, silent)


__all__ = ["NOTHING", "Decision", "Station", "connected", "decide", "disconnected", "next_check", "time_passed"]
