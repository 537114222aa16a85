"""Units to columns: what a batch writes, as one list a column. Pure; the hot path of the journal is `columns`.

Rows of a key that a batch writes more than once are coalesced, the last one wins; what is only added stays in order.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import orjson
from msgspec.structs import replace

from actors import records
from actors.records import Record, Unit
from actors.station.late import was_answered
from storage.journal import tables
from storage.journal.tables import Table


class Row(NamedTuple):
    """A record with whose it is."""

    tenant: UUID
    station: UUID
    record: Any


Columns = list[Any]
"""Parameters of a table: a list for each column, then the JSON document where it has one."""

_encode = msgspec.json.Encoder().encode


def columns(units: Iterable[Unit]) -> dict[Table, Columns]:
    """The columns of every table that these units have rows of. TypeError, ValueError for what JSON cannot carry."""
    found: dict[type[Record], list[Row]] = {}
    for unit in units:
        tenant, station = unit.tenant_id, unit.station_id
        for record in unit.records:
            kind = type(record)
            rows = found.get(kind)
            if rows is None:
                rows = found[kind] = []
            rows.append(Row(tenant, station, record))
    if records.ObjectsMatchedRecord in found:
        found = found | {records.StationObjectRecord: _hit(found)}
    result = {table: make(found[kind]) for kind, (table, make) in _MAKERS.items() if found.get(kind)}
    if records.ObjectsSweptRecord in found:
        changed = found.get(records.StationObjectRecord, ())
        result[tables.SWEEPS] = _sweeps(found[records.ObjectsSweptRecord], changed)
    if records.ObjectsMatchedRecord in found:
        result[tables.MATCHES] = _matches(found[records.ObjectsMatchedRecord], found[records.StationObjectRecord])
    if records.VariablesSweptRecord in found:
        listed = found.get(records.VariableRecord, ())
        result[tables.VARIABLE_SWEEPS] = _variable_sweeps(found[records.VariablesSweptRecord], listed)
    patches = _station_patches(found)
    if patches:
        result[tables.STATIONS] = patches
    return result


def kinds(unit: Unit) -> frozenset[type[Record]]:
    """The kinds of rows a unit has: units alike here stand or fall together when a table refuses."""
    return frozenset(map(type, unit.records))


def _plain(*names: str) -> Callable[[Sequence[Row]], Columns]:
    """One column a record's field of that name; `tenant`, `station` are the unit's, `name:json` is written as JSON."""
    getters: list[Callable[[Row], Any]] = []
    for name in names:
        field, _, form = name.partition(":")
        if form == "json":
            getters.append(_json_getter(field))
        elif field in Row._fields:
            getters.append(attrgetter(field))
        else:
            getters.append(attrgetter("record." + field))

    def make(rows: Sequence[Row]) -> Columns:
        return [[get(row) for row in rows] for get in getters]

    return make


def _json_getter(field: str) -> Callable[[Row], str | None]:
    get = attrgetter("record." + field)

    def as_json(row: Row) -> str | None:
        value = get(row)
        return None if value is None else orjson.dumps(value).decode()

    return as_json


def _keyed(key: Callable[[Row], Any], make: Callable[[Sequence[Row]], Columns]) -> Callable[[Sequence[Row]], Columns]:
    """Last of a key wins."""

    def coalesced(rows: Sequence[Row]) -> Columns:
        return make(list({key(row): row for row in rows}.values()))

    return coalesced


def _commands(rows: Sequence[Row]) -> Columns:
    """Last of an id wins, unless an earlier one says that it was answered: so it is with the row that is there."""
    kept: dict[UUID, Row] = {}
    for row in rows:
        known = kept.get(row.record.id)
        if known is None or not was_answered(known.record.status):
            kept[row.record.id] = row
    return _command_columns(list(kept.values()))


def _readings(rows: Sequence[Row]) -> Columns:
    """As one JSON document beside whose they are (tables.py says why)."""
    document = _encode([row.record for row in rows]).decode()
    return [[row.tenant for row in rows], [row.station for row in rows], document]


def _events(rows: Sequence[Row]) -> Columns:
    found: list[records.EventRecord] = [row.record for row in rows]
    return [
        [row.tenant for row in rows],
        [r.received_at for r in found],
        [r.id for r in found],
        [r.type for r in found],
        [r.subject for r in found],
        [r.data.decode() for r in found],
        [r.request_id for r in found],
    ]


def _unmatched(rows: Sequence[Row]) -> Columns:
    """A row that is taken stays taken, whichever order the batch has them in."""
    kept: dict[UUID, Row] = {}
    for row in rows:
        before = kept.get(row.record.id)
        if before is None or row.record.session_id is not None or before.record.session_id is None:
            kept[row.record.id] = row
    rest = list(kept.values())
    resolved_at = [None if row.record.session_id is None else row.record.received_at for row in rest]
    names = ("tenant", "id", "station", "transaction_id", "kind", "received_at", "data:json", "session_id")
    return [*_plain(*names)(rest), resolved_at]


def _objects(rows: Sequence[Row]) -> Columns:
    """The last word on each; a removal that brings no data keeps what came before it."""
    kept: dict[Any, Row] = {}
    for row in rows:
        key = _object_key(row)
        before = kept.get(key)
        if before is not None and row.record.removed and not row.record.data:
            row = row._replace(record=replace(row.record, data=before.record.data))
        kept[key] = row
    names = ("tenant", "station", "kind", "key", "status", "data:json", "received_at", "removed")
    return _plain(*names)(list(kept.values()))


def _sweeps(rows: Sequence[Row], changed: Sequence[Row]) -> Columns:
    """The last list of each kind; what the same batch writes is left to that."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        whose = (row.station, row.record.kind)
        found[whose] = [row.tenant, *whose, set(row.record.keep), row.record.at]
    for row in changed:
        swept = found.get((row.station, row.record.kind))
        if swept is not None:
            swept[3].add(row.record.key)
    whole = [[*each[:3], orjson.dumps(sorted(each[3])).decode(), each[4]] for each in found.values()]
    return [list(column) for column in zip(*whole, strict=True)]


def _hit(found: dict[type[Record], list[Row]]) -> list[Row]:
    """The objects of this batch after what was said of them by content, later in the same batch."""
    changed = list(found.get(records.StationObjectRecord, ()))
    for row in found[records.ObjectsMatchedRecord]:
        said: records.ObjectsMatchedRecord = row.record
        for index, each in enumerate(changed):
            if each.station == row.station and _is_meant(each.record, said):
                after = replace(each.record, status=said.status or each.record.status, removed=said.removed)
                changed[index] = each._replace(record=after)
    return changed


def _is_meant(record: records.StationObjectRecord, said: records.ObjectsMatchedRecord) -> bool:
    named = said.keys is None or record.key in said.keys
    earlier = record.kind == said.kind and record.received_at < said.at and not record.removed
    return earlier and named and record.key not in said.keep and _contains(record.data, said.match)


def _contains(data: Any, match: Any) -> bool:
    """As `@>` of jsonb has it, for objects in objects."""
    if isinstance(match, dict):
        return isinstance(data, dict) and all(
            name in data and _contains(data[name], value) for name, value in match.items()
        )
    return bool(data == match)


def _matches(rows: Sequence[Row], changed: Sequence[Row]) -> Columns:
    """All of them, in order; what the same batch writes is left to that (`_hit`)."""
    written: dict[Any, set[str]] = {}
    for row in changed:
        written.setdefault((row.station, row.record.kind), set()).add(row.record.key)
    kept = [
        row._replace(
            record=replace(
                row.record, keep=sorted({*row.record.keep, *written.get((row.station, row.record.kind), ())})
            )
        )
        for row in rows
    ]
    return _plain("tenant", "station", "kind", "at", "match:json", "keys:json", "keep:json", "status", "removed")(kept)


def _steps(rows: Sequence[Row]) -> Columns:
    """Numbered, so that their order survives the grouping in the statement."""
    names = (
        "tenant", "station", "kind", "key", "otherwise", "but", "match:json", "status", "rank", "leaves", "step:json",
        "data:json", "received_at",
    )  # fmt: skip
    return [*_plain(*names)(rows), list(range(len(rows)))]


def _step_events(rows: Sequence[Row]) -> Columns:
    columns = _plain(
        "tenant", "station", "received_at", "id", "type", "subject", "data", "kind", "otherwise", "but", "match:json"
    )(rows)
    columns[6] = [each.decode() for each in columns[6]]
    return columns


def _variable_sweeps(rows: Sequence[Row], written: Sequence[Row]) -> Columns:
    """The last sweep of each station; what the same batch writes stays."""
    last = {row.station: row for row in rows}
    keep: dict[UUID, list[dict[str, str]]] = {station: [] for station in last}
    for row in written:
        if row.station in keep:
            record = row.record
            keep[row.station].append({"c": record.component, "v": record.variable, "a": record.attribute_type})
    whole = [
        [row.tenant, station, row.record.before, row.record.at, orjson.dumps(keep[station]).decode()]
        for station, row in last.items()
    ]
    return [list(column) for column in zip(*whole, strict=True)]


def _tokens(rows: Sequence[Row]) -> Columns:
    """With the form under which a token is found."""
    keys = [row.record.uid.casefold() for row in rows]
    made = _plain("tenant", "id", "uid", "type", "status", "reason", "at")(rows)
    return [*made[:3], keys, *made[3:]]


def _reservations(rows: Sequence[Row]) -> Columns:
    """One change of a reservation, made of all that a batch says of it: later words over earlier ones."""
    kept: dict[Any, Row] = {}
    for row in rows:
        key = (row.station, row.record.number)
        before = kept.get(key)
        if before is not None:
            fields = {name: getattr(row.record, name) for name in row.record.__struct_fields__}
            said = {name: value for name, value in fields.items() if value is not None}
            row = row._replace(record=replace(before.record, **said))
        kept[key] = row
    return _plain("tenant", "station", "number", "status", "at", "answer", "detail", "session_id")(list(kept.values()))


def _station_patches(found: dict[type[Record], list[Row]]) -> Columns:
    """What several kinds of records change in the row of one station, as one row."""
    patches: dict[tuple[UUID, UUID], list[Any]] = {}  # accepted_at, holds, held_off, profile, hashed

    def patch(row: Row) -> list[Any]:
        return patches.setdefault((row.tenant, row.station), [None, False, None, None, None])

    for row in found.get(records.PasswordAcceptedRecord, ()):
        known = patch(row)
        known[0], known[4] = row.record.at, row.record.hashed
    for row in found.get(records.HeldOffRecord, ()):
        value = row.record.value
        patch(row)[1:3] = [True, None if value is None else orjson.dumps(value).decode()]
    for row in found.get(records.ProfileProvedRecord, ()):
        known = patch(row)
        known[3] = max(known[3] or 0, row.record.profile)
    whole = [[*key, *values] for key, values in patches.items()]
    return [list(column) for column in zip(*whole, strict=True)]


_COMMAND_FIELDS = (
    "tenant", "id", "station", "action", "command", "status", "message_id", "version", "request:json", "answer:json",
    "error:json", "outcome", "requested_by", "request_id", "created_at", "sent_at", "finished_at",
)  # fmt: skip
_SESSION_FIELDS = (
    "tenant", "id", "station", "business_key", "transaction_id", "evse", "connector", "token", "token_type", "status",
    "charging_state", "started_at", "ended_at", "import_milli_wh", "export_milli_wh", "power_w", "soc",
    "last_reading_at", "stop_reason", "remote_start_id", "flags:json", "registers:json", "began_received_at",
    "last_received_at", "details:json",
)  # fmt: skip
_STATE_FIELDS = (
    "tenant", "station", "online", "version", "last_seen_at", "connected_at", "remote_address", "boot:json",
    "quirks:json", "clock_offset_ms", "next_transaction", "local:json",
)  # fmt: skip
_CONNECTOR_FIELDS = (
    "tenant", "station", "evse", "connector", "status", "error", "info", "vendor_error", "since", "received_at",
)  # fmt: skip
_FRAME_FIELDS = (
    "tenant", "station", "received_at", "id", "direction", "action", "message_id", "outcome", "text", "repairs:json",
)  # fmt: skip
_VARIABLE_FIELDS = (
    "tenant", "station", "component", "variable", "attribute_type", "value", "detail:json", "received_at",
)  # fmt: skip

_JOB_FIELDS = (
    "tenant", "id", "station", "kind", "key", "state:json", "created_at", "run_at", "expires_at", "waits_for",
    "subject",
)  # fmt: skip

_MONITOR_EVENT_FIELDS = (
    "tenant", "station", "id", "event_id", "at", "trigger", "notification", "component:json", "variable:json",
    "actual_value", "cleared", "monitor_id", "severity", "cause", "tech_code", "tech_info", "transaction_id",
    "received_at",
)  # fmt: skip

_command_columns = _plain(*_COMMAND_FIELDS)
_by_station = attrgetter("station")
_object_key = attrgetter("station", "record.kind", "record.key")
_by_id = attrgetter("record.id")

_MAKERS: dict[type[Record], tuple[Table, Callable[[Sequence[Row]], Columns]]] = {
    records.ReadingRecord: (tables.READINGS, _readings),
    records.FrameRecord: (tables.FRAMES, _plain(*_FRAME_FIELDS)),
    records.EventRecord: (tables.EVENTS, _events),
    records.StationStateRecord: (tables.STATES, _keyed(_by_station, _plain(*_STATE_FIELDS))),
    records.ConnectorRecord: (
        tables.CONNECTORS,
        _keyed(attrgetter("station", "record.evse", "record.connector"), _plain(*_CONNECTOR_FIELDS)),
    ),
    records.SessionRecord: (tables.SESSIONS, _keyed(_by_id, _plain(*_SESSION_FIELDS))),
    records.SessionFactRecord: (
        tables.FACTS,
        _plain("tenant", "id", "session_id", "kind", "at", "received_at", "data:json"),
    ),
    records.UnmatchedRecord: (tables.UNMATCHED, _unmatched),
    records.CommandRecord: (tables.COMMANDS, _commands),
    records.ReportRecord: (
        tables.REPORTS,
        _plain("tenant", "id", "station", "action", "received_at", "payload:json"),
    ),
    records.VariableRecord: (
        tables.VARIABLES,
        _keyed(
            attrgetter("station", "record.component", "record.variable", "record.attribute_type"),
            _plain(*_VARIABLE_FIELDS),
        ),
    ),
    records.StationObjectRecord: (tables.OBJECTS, _objects),
    records.ForwardedRecord: (
        tables.FORWARDED,
        _plain("tenant", "id", "station", "received_at", "version", "action", "payload", "transaction_id"),
    ),
    records.JobRecord: (tables.JOBS, _plain(*_JOB_FIELDS)),
    records.TokenRecord: (tables.TOKENS, _tokens),
    records.ReservationRecord: (tables.RESERVATIONS, _reservations),
    records.StationStepRecord: (tables.STEPS, _steps),
    records.StepEventRecord: (tables.STEP_EVENTS, _step_events),
    records.MonitorEventRecord: (tables.MONITOR_EVENTS, _plain(*_MONITOR_EVENT_FIELDS)),
    records.StreamValueRecord: (
        tables.STREAM_VALUES, _plain("tenant", "station", "id", "n", "stream_id", "at", "value", "received_at"),
    ),
    records.CustomerReportRecord: (
        tables.CUSTOMER_REPORTS, _plain("tenant", "station", "id", "request_id", "seq_no", "text", "received_at"),
    ),
}
