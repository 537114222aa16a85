"""What a station's message leads to: `decide(…) → Decision`. Pure, and the place to look for what Voltyard does.

One function a kind of message, one table from kind to function.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from actors.device import reports
from actors.records import Record
from actors.session.model import Session
from actors.session.notices import event as session_event
from actors.station import status, transactions2, transactions16
from actors.station.heard import Heard
from actors.station.incoming import INCOMING
from actors.station.questions import NOTHING, Answers
from actors.station.state import StationState, to_row
from actors.station.tokens import judge
from actors.station.who import NewId, Station
from actors.station.work import Work
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
    reply = _DECIDE[type(message)](station, work, message, answers)
    return conclude(station, work, reply)


def conclude(station: Station, work: Work, reply: neutral.Reply | None) -> Decision:
    """Rows and events for all that happened to sessions, and the state after it."""
    for kind, session_id in work.happened:
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
    state = work.finish()
    if (
        state.next_transaction != work.before.next_transaction or state.assemblies is not work.before.assemblies
    ):
        work.records.append(to_row(state))
    return Decision(state, reply, work.records, list(work.sessions.values()))


def _booted(station: Station, work: Work, message: neutral.Booted, _: Answers) -> neutral.Reply:
    now = work.received()
    boot = {
        "vendor": message.vendor,
        "model": message.model,
        "serial_number": message.serial_number,
        "firmware_version": message.firmware_version,
        "reason": message.reason,
        "at": events.timestamp(now),
        **message.more,
    }
    work.state = replace(work.state, boot=boot, booted_now=True, last_seen_at=now)
    work.records.append(to_row(work.state))
    work.event(
        events.make(
            events.StationBooted(
                station_id=station.id,
                station=station.identity,
                admission=work.state.admission,
                vendor=message.vendor,
                model=message.model,
                serial_number=message.serial_number,
                firmware_version=message.firmware_version,
                reason=message.reason,
                version=station.version.value,
            )
        )
    )
    return neutral.BootReply(work.state.admission, work.state.heartbeat, work.now)


def _heartbeat(_: Station, work: Work, message: neutral.HeartbeatAsked, __: Answers) -> neutral.Reply:
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


def _verdict(work: Work, token: neutral.IdToken | None, answers: Answers) -> neutral.TokenVerdict | None:
    if token is None:
        return None
    return judge(token, answers.token, work.now, strict=work.state.strict)


def _authorize(_: Station, work: Work, message: neutral.AuthorizeAsked, answers: Answers) -> neutral.Reply:
    return neutral.AuthorizeReply(judge(message.token, answers.token, work.now, strict=work.state.strict))


def _transaction(station: Station, work: Work, message: neutral.TransactionHappened, answers: Answers) -> neutral.Reply:
    verdict = _verdict(work, message.token, answers)
    if answers.session is not None and answers.session.id not in work.state.sessions:
        work.take(answers.session)
    if station.version is not Version.V16:
        return transactions2.happened(work, message, answers, verdict)
    if message.kind == "began":
        return transactions16.start(work, message, answers, verdict or neutral.TokenVerdict("unknown"))
    return transactions16.stop(work, message, answers, verdict)


def _meter(station: Station, work: Work, message: neutral.MeterRead, answers: Answers) -> neutral.Reply:
    if answers.session is not None and answers.session.id not in work.state.sessions:
        work.take(answers.session)
    if station.version is Version.V16:
        transactions16.meter(work, message, answers)
    else:
        transactions2.meter(work, message)
    return neutral.EmptyReply()


def _variables(station: Station, work: Work, message: neutral.VariablesReported, answers: Answers) -> neutral.Reply:
    reports.part(station, work, message, None if answers.prompt is None else answers.prompt.about)
    return neutral.EmptyReply()


def _transfer(station: Station, work: Work, message: neutral.DataTransferred, _: Answers) -> neutral.Reply:
    """Kept; nobody here knows the vendor's messages, and that is what the station is told."""
    payload = {"vendorId": message.vendor, "messageId": message.message_id, "data": message.data}
    work.report(station, "DataTransfer", payload)
    return neutral.DataTransferReply("UnknownVendorId")


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
    neutral.AuthorizeAsked: _authorize,
    neutral.TransactionHappened: _transaction,
    neutral.MeterRead: _meter,
    neutral.VariablesReported: _variables,
    neutral.DataTransferred: _transfer,
    neutral.Notified: _notified,
}


def connected(
    station: Station, state: StationState, address: str, profile: int, now: datetime, new_id: NewId
) -> Decision:
    """A connection has claimed the station."""
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
    found = [each for each in (status.next_check(state), reports.next_check(state)) if each is not None]
    return min(found, default=None)


__all__ = ["NOTHING", "Decision", "Station", "connected", "decide", "disconnected", "next_check", "time_passed"]
