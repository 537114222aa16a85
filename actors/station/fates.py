"""What is stored of a command: that it goes out, what became of it, and what follows from that.

An answer after its time leads to all that it would have led to in time; only its row says that it was late.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from actors.records import CommandRecord, EventRecord, PasswordAcceptedRecord, Record
from actors.security.passwords import taken
from actors.station.face import CommandResult
from actors.station.framelog import line
from actors.station.late import Unanswered, late
from actors.station.learned import learned
from actors.station.results import STATUS_IN_ROW, kept
from actors.station.sending import came_to_nothing, going_out
from actors.station.waiting import Pending
from actors.verify import questions
from actors.verify import steps as verify
from protocol.events import types as events
from protocol.redact import secrets_in

if TYPE_CHECKING:
    from actors.station.actor import StationActor


def going(actor: "StationActor", pending: Pending, text: str) -> list[Record]:
    """Stored before the text goes: the answer may only be a fact of a command that is one."""
    row = pending.row("sent", None)
    sent = events.CommandSent(
        command_id=row.id,
        station_id=actor.station.id,
        station=actor.station.identity,
        action=row.action,
        command=row.command,
        version=row.version,
        requested_by=row.requested_by,
    )
    secrets = secrets_in(pending.action, pending.shown)
    records = [row, _event(actor, row, sent), *_frame(actor, row, "out", "sent", text, secrets)]
    records += going_out(actor.station, row, actor.clock.now(), actor.new_id)
    known, found = questions.asked(actor.state.known, pending.action, pending.sent_at or pending.created_at)
    actor.know(known)
    records += found
    if pending.command == "start" and known.starts:  # what it is told when it begins outlives this process
        records.append(actor.row())
    return records


def over(actor: "StationActor", pending: Pending, result: CommandResult) -> tuple[CommandRecord, list[Record]]:
    """Its row and all that is stored with it when it is over."""
    status = "lost" if result.delivery else STATUS_IN_ROW.get(result.status, result.status)
    row = pending.row(status, actor.clock.now())
    records: list[Record] = [row, _answered(actor, row, result)]
    if pending.answer_frame is not None:
        secrets = secrets_in(pending.action, pending.shown)
        records += _frame(actor, row, "in", result.status, pending.answer_frame, secrets)
    records += _following(actor, row)
    if pending.rotates and result.status == "answered" and taken(result.payload) == "at_once":
        records.append(PasswordAcceptedRecord(actor.clock.now()))
    return row, records


def unanswered(actor: "StationActor", pending: Pending, row: CommandRecord) -> Unanswered:
    """What its answer has to be known by, if it comes."""
    password = actor.config.pending_password_hash if pending.rotates else None
    return Unanswered(row, pending.version, secrets_in(pending.action, pending.shown), password)


def belated(actor: "StationActor", command: Unanswered, result: CommandResult, text: str) -> list[Record]:
    """What is stored when the answer comes after its time.

    A password counts only while it is the one that is pending: a newer one may be on its way.
    """
    now = actor.clock.now()
    status = STATUS_IN_ROW[result.status]
    answer, error = kept(result, command.action, command.secrets)
    row = replace(command.row, status=status, answer=answer, error=error, outcome=result.outcome, finished_at=now)
    shown = replace(row, status=late(status))
    records: list[Record] = [shown, _answered(actor, shown, result)]
    records += _frame(actor, row, "in", "late", text, command.secrets)
    records += _following(actor, row)
    if command.password is not None and result.status == "answered" and taken(result.payload) == "at_once":
        records.append(PasswordAcceptedRecord(now, command.password))
    return records


def _following(actor: "StationActor", row: CommandRecord) -> list[Record]:
    """What capabilities learn from it; `row.status` as of an answer in time."""
    now, state = actor.clock.now(), actor.state
    follow = learned if row.status == "answered" else came_to_nothing
    records = follow(actor.station, row, now, actor.new_id)
    known, found = verify.answered(actor.station, state.known, row, state.settings, now, actor.new_id)
    if known is not state.known:
        actor.know(known)
        records += [*found, actor.row()]
    return records


def _answered(actor: "StationActor", row: CommandRecord, result: CommandResult) -> EventRecord:
    answered = events.CommandAnswered(
        command_id=row.id,
        station_id=actor.station.id,
        station=actor.station.identity,
        action=row.action,
        status=row.status,
        command=row.command,
        version=row.version,
        outcome=row.outcome,
        error_code=result.error_code,
        duration_ms=result.duration_ms,
        requested_by=row.requested_by,
    )
    return _event(actor, row, answered)


def _event(actor: "StationActor", row: CommandRecord, event: events.EventData) -> EventRecord:
    kind, subject, data = events.make(event)
    return EventRecord(actor.new_id(), actor.clock.now(), kind, subject, data, row.request_id)


def _frame(
    actor: "StationActor", row: CommandRecord, direction: str, outcome: str, text: str, secrets: Collection[str]
) -> list[Record]:
    if actor.frame_log == "none":
        return []
    return [line(actor.new_id, actor.clock.now(), direction, row.action, row.message_id, outcome, text, (), secrets)]
