"""One station's decisions without a loop: messages as JSON go in, replies come out, records are kept in dictionaries.

What `actors/station/actor.py` does around `decide`, with a store that never fails and a clock that the test moves.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any, TypeVar
from uuid import UUID

import attrs
import msgspec
from msgspec.structs import replace

from actors.device.prompts import Prompts
from actors.ports import DEFAULT_TENANT, Consultation, StationConfig, StationImage, TokenFact, Weighed
from actors.records import (
    ConnectorRecord,
    EventRecord,
    ReadingRecord,
    Record,
    SessionFactRecord,
    SessionRecord,
    StationStateRecord,
    UnmatchedRecord,
)
from actors.session.derive import measure
from actors.session.rebuild import rebuild
from actors.session.rows import from_row, to_measured, to_row
from actors.station.consulting import consultation
from actors.station.decide import decide, time_passed
from actors.station.questions import NOTHING, Answers, prompted, question
from actors.station.state import StationState, from_image, with_sessions
from actors.station.who import Station
from protocol.ocpp import catalogue, neutral
from protocol.ocpp.translate import translator
from protocol.ocpp.version import Version

NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
STATION = UUID("00000000-0000-7000-8000-0000000000aa")
R = TypeVar("R", bound=Record)


def config(**changes: Any) -> StationConfig:
    """A known station without a password."""
    fields: dict[str, Any] = {
        "tenant_id": DEFAULT_TENANT, "tenant_slug": "default", "id": STATION, "identity": "CP1", "name": None,
        "site": None, "admission": "accepted", "security_profile": 0, "highest_profile": 0, "password_hash": None,
        "pending_password_hash": None, "ocpp_version": None, "strict": False, "frame_log": "default", "settings": {},
        "held_off": None,
    }  # fmt: skip
    return StationConfig(**(fields | changes))


def token(uid: str, **changes: Any) -> TokenFact:
    """An accepted token."""
    fields: dict[str, Any] = {"type": "ISO14443", "status": "accepted", "expires_at": None, "group_uid": None}
    return TokenFact(uid=uid, **(fields | {"master": False} | changes))


def at(seconds: float) -> str:
    """A station's timestamp: so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MemoryWorld:
    """`now` moves by a second with every message unless the test sets it."""

    def __init__(self, version: Version = Version.V16, *, tokens: Sequence[TokenFact] = (), **changes: Any) -> None:
        self.config = config(**changes)
        self.station = Station(self.config.id, self.config.tenant_id, self.config.identity, version)
        self.now = NOON
        self.tokens = {fact.uid.casefold(): fact for fact in tokens}
        self.records: list[Record] = []
        self.last: Sequence[Record] = ()
        self.outside: dict[str, Any] = {}  # what each service answers, by kind
        self.consulted: list[Consultation] = []
        self.prompts = Prompts()  # what we have asked the station to say
        self.weighed = Weighed()  # what a token is judged by beside itself
        self._ids = count(1)
        self.state: StationState = from_image(StationImage(self.config, None, (), ()), 300, self.now)

    def new_id(self) -> UUID:
        return UUID(int=next(self._ids))

    # Messages

    def tell(
        self, action: str, payload: dict[str, Any], *, after: float = 1.0
    ) -> dict[str, Any] | neutral.RefusedReply:
        """Handles one call and gives the reply as JSON, which has to be valid for the version."""
        self.now += timedelta(seconds=after)
        kind = catalogue.actions(self.station.version)[action]
        translate = translator(self.station.version)
        message = translate.understand(action, kind.decode_request(msgspec.json.encode(payload)))
        asked = question(self.state, self.station.version, message)
        answers = NOTHING if asked is None else self._answers(asked)
        outside = consultation(self.station, self.state, message)
        if outside is not None:
            self.consulted.append(outside)
            answers = replace(answers, outside=self.outside.get(outside.kind))
        answers = prompted(answers, self.prompts, action, message, self.now)
        decision = decide(self.station, self.state, message, answers, self.now, self.new_id)
        self._keep(decision.records)
        self.state = decision.state
        if isinstance(decision.reply, neutral.RefusedReply):
            return decision.reply
        assert kind.response is not None
        assert decision.reply is not None
        told: dict[str, Any] = msgspec.json.decode(
            catalogue.encode(translate.answer(action, kind.response, decision.reply))
        )
        assert catalogue.check(kind, told, response=True) == []
        return told

    def time_passes(self, seconds: float) -> None:
        """The clock moves and the actor looks at its deadlines."""
        self.now += timedelta(seconds=seconds)
        decision = time_passed(self.station, self.state, self.now, self.new_id)
        self._keep(decision.records)
        self.state = decision.state

    def restart(self) -> None:
        """The process starts again: state from rows, then the readings that rows do not know."""
        sessions = list(self.rows().values())
        closed = [row for row in sessions if row.status != "active"]
        image = StationImage(
            self.config,
            self._last_state(),
            list({(c.evse, c.connector): c for c in self.of(ConnectorRecord)}.values()),
            [row for row in sessions if row.status == "active"]
            + sorted(closed, key=lambda row: row.last_received_at)[-5:],
        )
        state = from_image(image, 300, self.now)
        for session in list(state.sessions.values()):
            if session.open:
                after = session.last_received_at
                for row in self.of(ReadingRecord):
                    if row.session_id == session.id and row.received_at > after:
                        session = measure(session, to_measured(row))
                stamp = max(state.stamp, session.last_received_at)
                state = with_sessions(state, {session.id: session}, stamp)
        self.state = state

    def _last_state(self) -> StationStateRecord | None:
        return next(reversed(list(self.of(StationStateRecord))), None)

    def _keep(self, records: Sequence[Record]) -> None:
        self.last = list(records)
        self.records += records

    def _answers(self, asked: Any) -> Answers:
        kept = None if asked.token is None else self._token(asked.token.uid)
        mine = list(self.rows().values())
        found = [row for row in mine if asked.business_key is not None and row.business_key == asked.business_key] or [
            row for row in mine if asked.transaction_id is not None and row.transaction_id == asked.transaction_id
        ]
        row = max(found, key=lambda row: row.started_at, default=None)
        ledger = [u for u in reversed(list(self.ledger().values())) if u.session_id is None] if asked.ledger else []
        weighed = attrs.evolve(self.weighed, token=kept)
        return Answers(kept, None if row is None else from_row(row), ledger, weighed=weighed)

    def _token(self, uid: str) -> TokenFact | None:
        key = uid.strip().casefold()
        alike = [fact for kept, fact in self.tokens.items() if len(key) >= 20 and kept[:20] == key[:20]]
        return self.tokens.get(key) or (alike[0] if len(alike) == 1 else None)

    # What was kept

    def of(self, kind: type[R]) -> Iterator[R]:
        """All records of that kind, in order."""
        return (record for record in self.records if isinstance(record, kind))

    def rows(self) -> dict[UUID, SessionRecord]:
        """The newest row of every session."""
        return {row.id: row for row in self.of(SessionRecord)}

    def row(self) -> SessionRecord:
        """The only session."""
        (row,) = self.rows().values()
        return row

    def ledger(self) -> dict[UUID, UnmatchedRecord]:
        return {row.id: row for row in self.of(UnmatchedRecord)}

    def facts(self, session: UUID) -> list[SessionFactRecord]:
        return [fact for fact in self.of(SessionFactRecord) if fact.session_id == session]

    def readings(self, session: UUID) -> list[ReadingRecord]:
        return [reading for reading in self.of(ReadingRecord) if reading.session_id == session]

    def kinds(self, row: SessionRecord) -> list[str]:
        return [fact.kind for fact in self.facts(row.id)]

    def events(self) -> list[str]:
        """The types of all events, without their common beginning."""
        return [event.type.split(".", 2)[-1] for event in self.of(EventRecord)]

    def rebuilt(self, row: SessionRecord) -> SessionRecord:
        """The row derived anew from all that is stored of it."""
        return rebuild(self.facts(row.id), self.readings(row.id), row)

    def check(self) -> None:
        """What must hold whatever a station sends."""
        stamps = [r.received_at for r in self.records if isinstance(r, SessionFactRecord | ReadingRecord)]
        assert all(one < other for one, other in pairwise(stamps)), "received_at has to rise"
        keys = [row.business_key for row in self.rows().values()]
        assert len(keys) == len(set(keys)), "the database would refuse the second one"
        for row in self.rows().values():
            self._check_session(row)

    def _check_session(self, row: SessionRecord) -> None:
        live = self.state.sessions.get(row.id)
        derived = self.rebuilt(row)
        if row.status != "active":
            assert derived == row
        if live is not None:
            assert to_row(live) == derived
        assert row.ended_at is None or row.ended_at >= row.started_at
        assert (row.ended_at is None) == (row.status == "active")
        assert row.status == "active" or row.charging_state is None
        for total, readings in (
            (derived.import_milli_wh, [r.import_milli_wh for r in self.readings(row.id)]),
            (derived.export_milli_wh, [r.export_milli_wh for r in self.readings(row.id)]),
        ):
            assert total is None or total >= 0
            registers = [value for value in readings if value is not None]
            registers += [int(Decimal(f.data["meter"]) * 1000) for f in self.facts(row.id) if f.data.get("meter")]
            if total is not None:
                assert total <= _most(registers), "energy that no reading shows"


def _most(registers: list[int]) -> int:
    """No order of the values rises by more than this, one segment a value at most."""
    return sum(value - min(registers) for value in registers)
