"""What is written for each kind of row: one SQL fragment and the type of each of its array parameters.

A batch is one statement: a data-modifying CTE for every kind it has rows of, and one for the batch's id. One statement
is one round trip and, sent alone, one transaction.

Readings are nearly all there is, so their way was measured (PostgreSQL 18, 14 columns, batches of 25 and 50, CPU per
row, ours + the server's): arrays through unnest 15 + 20 µs; COPY in a transaction, four round trips, 10–26 + 20–31 µs;
dictionaries as one JSON document 6–10 + 27–33 µs. Structs that msgspec writes as JSON cost us a tenth of the arrays,
and our process is the one that is short of time, so readings travel as JSON and all else as arrays. The whole way
through journal and bridge, 50 stations in closed loop: 18 µs a unit in our process, 18 µs in the server's.
"""

import functools
from collections.abc import Iterable

import attrs


@attrs.frozen
class Table:
    """One kind of row. `sql` has `{rows}` where its parameters stand as rows, under the name r.

    Each of `columns` is an array parameter. With `document`, a last parameter is a JSON list with those columns.
    """

    name: str
    columns: tuple[tuple[str, str], ...]  # column name, array element type
    sql: str
    document: tuple[tuple[str, str], ...] = ()  # column name, type

    @property
    def parameters(self) -> int:
        return len(self.columns) + bool(self.document)

    def render(self, first: int) -> str:
        """The statement with parameters numbered from `first`."""
        arrays = ", ".join(f"${first + n}::{kind}[]" for n, (_, kind) in enumerate(self.columns))
        names = ", ".join(name for name, _ in self.columns + self.document)
        source = f"unnest({arrays})"
        if self.document:
            shape = ", ".join(f"{name} {kind}" for name, kind in self.document)
            source = f"rows from ({source}, json_to_recordset(${first + len(self.columns)}::text::json) as ({shape}))"
        return self.sql.replace("{rows}", f"{source} as r ({names})")


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    words = [word.strip().split(" ") for word in text.split(",")]
    return tuple((name, kind) for name, kind in words)


def _append(table: str, columns: str, casts: dict[str, str] | None = None) -> Table:
    """Rows that are only added."""
    return Table(table, _columns(columns), _insert(table, columns, casts or {}))


def _upsert(
    table: str, key: str, columns: str, casts: dict[str, str] | None = None, merged: dict[str, str] | None = None,
    unless: str | None = None,
) -> Table:  # fmt: skip
    """Rows that replace the one of the same key; `merged` says what becomes of a column otherwise.

    `unless`: a condition under which the one that is there stays as it is.
    """
    names = [name for name, _ in _columns(columns)]
    fixed = {*(part.strip() for part in key.split(",")), "tenant_id"}
    becomes = merged or {}
    changes = ", ".join(
        f"{name} = {becomes.get(name, 'excluded.{0}').format(name)}" for name in names if name not in fixed
    )
    kept = "" if unless is None else f" where not ({unless})"
    upsert = f"{_insert(table, columns, casts or {})} on conflict ({key}) do update set {changes}{kept}"
    return Table(table, _columns(columns), upsert)


def _insert(table: str, columns: str, casts: dict[str, str]) -> str:
    names = [name for name, _ in _columns(columns)]
    values = ", ".join(casts.get(name, "r.{0}").format(name) for name in names)
    return f"insert into {table} ({', '.join(names)}) select {values} from {{rows}}"  # noqa: S608 - names of our own


_JSONB = "r.{0}::jsonb"

_READING = (
    "received_at timestamptz, session_id uuid, evse integer, connector integer, at timestamptz, "
    "claimed_at timestamptz, context text, import_milli_wh bigint, export_milli_wh bigint, power_w float8, "
    "soc float8, sampled text, seq_no integer"
)
READINGS = Table(
    "meter_values",
    _columns("tenant_id uuid, station_id uuid"),
    _insert("meter_values", f"tenant_id uuid, station_id uuid, {_READING}", {"sampled": "r.{0}::json"}),
    _columns(_READING),
)
FRAMES = _append(
    "frames",
    "tenant_id uuid, station_id uuid, received_at timestamptz, id uuid, direction text, action text, message_id text, "
    "outcome text, text text, repairs text",
    {"repairs": _JSONB},
)
EVENTS = _append(
    "events",
    "tenant_id uuid, received_at timestamptz, id uuid, type text, subject text, data text, request_id text",
    {"data": _JSONB},
)
STATES = _upsert(
    "station_states",
    "station_id",
    "tenant_id uuid, station_id uuid, online boolean, version text, last_seen_at timestamptz, "
    "connected_at timestamptz, remote_address text, "
    "boot text, quirks text, clock_offset_ms bigint, next_transaction integer, local text",
    {"boot": _JSONB, "quirks": _JSONB, "local": _JSONB},
)
CONNECTORS = _upsert(
    "connectors",
    "station_id, evse, connector",
    "tenant_id uuid, station_id uuid, evse integer, connector integer, status text, error text, info text, "
    "vendor_error text, since timestamptz, received_at timestamptz",
)
SESSIONS = _upsert(
    "sessions",
    "id",
    "tenant_id uuid, id uuid, station_id uuid, business_key text, transaction_id text, evse integer, "
    "connector integer, token text, token_type text, status text, charging_state text, started_at timestamptz, "
    "ended_at timestamptz, "
    "import_milli_wh bigint, export_milli_wh bigint, power_w float8, soc float8, last_reading_at timestamptz, "
    "stop_reason text, remote_start_id bigint, flags text, registers text, began_received_at timestamptz, "
    "last_received_at timestamptz, details text",
    # Lists of different lengths do not make a two-dimensional array, so flags travel as JSON.
    {"flags": "array(select json_array_elements_text(r.{0}::json))", "registers": _JSONB, "details": _JSONB},
)
FACTS = _append(
    "session_facts",
    "tenant_id uuid, id uuid, session_id uuid, kind text, at timestamptz, received_at timestamptz, data text",
    {"data": _JSONB},
)
_UNMATCHED = (
    "tenant_id uuid, id uuid, station_id uuid, transaction_id text, kind text, received_at timestamptz, data text, "
    "session_id uuid, resolved_at timestamptz"
)
UNMATCHED = Table(
    "unmatched_transactions",
    _columns(_UNMATCHED),
    _insert("unmatched_transactions", _UNMATCHED, {"data": _JSONB})
    + " on conflict (id) do update set session_id = excluded.session_id, resolved_at = excluded.resolved_at"
    " where excluded.session_id is not null",
)
COMMANDS = _upsert(
    "commands",
    "id",
    "tenant_id uuid, id uuid, station_id uuid, action text, command text, status text, message_id text, version text, "
    "request text, answer text, error text, outcome text, requested_by text, request_id text, created_at timestamptz, "
    "sent_at timestamptz, finished_at timestamptz",
    {"request": _JSONB, "answer": _JSONB, "error": _JSONB},
    {"created_at": "commands.{0}"},  # one that waited for its station was made before it was sent
    # An answer is the end, though it be to an earlier sending (actors/station/late.py, was_answered).
    "commands.status in ('answered', 'error', 'invalid_answer') or commands.status like 'late\\_%'",
)
REPORTS = _append(
    "station_reports",
    "tenant_id uuid, id uuid, station_id uuid, action text, received_at timestamptz, payload text",
    {"payload": _JSONB},
)
_VARIABLES = _upsert(
    "variables",
    "station_id, component, variable, attribute_type",
    "tenant_id uuid, station_id uuid, component text, variable text, attribute_type text, value text, detail text, "
    "received_at timestamptz",
    {"detail": _JSONB},
    # A value that was read or written comes without detail: what a report told stays.
    {"detail": "variables.detail || excluded.{0}"},
)
VARIABLES = attrs.evolve(_VARIABLES, sql=f"{_VARIABLES.sql}, removed_at = null")
# Variables that this batch writes are in `keep`: a row can be changed once a statement.
VARIABLE_SWEEPS = Table(
    "swept_variables",
    _columns("tenant_id uuid, station_id uuid, before timestamptz, at timestamptz, keep text"),
    "update variables v set removed_at = r.at from {rows}"
    " where v.station_id = r.station_id and v.tenant_id = r.tenant_id and v.removed_at is null"
    " and v.received_at < r.before and not exists (select from json_to_recordset(r.keep::json)"
    " as k (c text, v text, a text) where (k.c, k.v, k.a) = (v.component, v.variable, v.attribute_type))",
)
OBJECTS = Table(
    "station_objects",
    _columns(
        "tenant_id uuid, station_id uuid, kind text, key text, status text, data text, received_at timestamptz, "
        "removed boolean"
    ),
    "insert into station_objects as o"
    " (tenant_id, station_id, kind, key, status, data, since, received_at, removed_at)"
    " select r.tenant_id, r.station_id, r.kind, r.key, r.status, r.data::jsonb, r.received_at, r.received_at,"
    " case when r.removed then r.received_at end from {rows}"
    " on conflict (station_id, kind, key) do update set status = excluded.status,"
    " data = case when excluded.removed_at is not null and excluded.data = '{}'::jsonb then o.data"
    " else excluded.data end,"
    " since = case when o.removed_at is null then o.since else excluded.since end,"
    " received_at = excluded.received_at, removed_at = excluded.removed_at",
)
# Keys that this batch writes are in `keep` too: a row can be changed once a statement.
SWEEPS = Table(
    "swept_objects",
    _columns("tenant_id uuid, station_id uuid, kind text, keep text, at timestamptz"),
    "update station_objects o set removed_at = r.at, received_at = r.at from {rows}"
    " where o.station_id = r.station_id and o.tenant_id = r.tenant_id and o.kind = r.kind and o.removed_at is null"
    " and not exists (select from json_array_elements_text(r.keep::json) k where k = o.key)",
)
# The same for what is named by content: keys that this batch writes are in `keep`.
MATCHES = Table(
    "matched_objects",
    _columns(
        "tenant_id uuid, station_id uuid, kind text, at timestamptz, match text, keys text, keep text, status text, "
        "removed boolean"
    ),
    "update station_objects o set received_at = r.at, status = coalesce(r.status, o.status),"
    " removed_at = case when r.removed then r.at end from {rows}"
    " where o.station_id = r.station_id and o.tenant_id = r.tenant_id and o.kind = r.kind and o.removed_at is null"
    " and o.data @> r.match::jsonb"
    " and (r.keys is null or exists (select from json_array_elements_text(r.keys::json) k where k = o.key))"
    " and not exists (select from json_array_elements_text(r.keep::json) k where k = o.key)",
)
JOBS = Table(
    "jobs",
    _columns(
        "tenant_id uuid, id uuid, station_id uuid, kind text, key text, state text, created_at timestamptz, "
        "run_at timestamptz, expires_at timestamptz, waits_for text, subject text"
    ),
    "insert into jobs (tenant_id, id, station_id, kind, key, state, created_at, updated_at, run_at, expires_at,"
    " waits_for, subject)"
    " select r.tenant_id, r.id, r.station_id, r.kind, r.key, r.state::jsonb, r.created_at, r.created_at, r.run_at,"
    " r.expires_at, r.waits_for, r.subject from {rows}"
    " on conflict (tenant_id, kind, key) where status = 'waiting' and key is not null do nothing",
)
# Steps of what goes on (actors/station/steps.py). Steps without a key belong to the newest that the station took.
_STEP = (
    "tenant_id uuid, station_id uuid, kind text, key text, otherwise text, but text, match text, status text, "
    "rank integer, leaves integer, step text, data text, received_at timestamptz, n integer"
)
_NEWEST = (
    "(select x.key from station_objects x where x.station_id = r.station_id and x.kind = r.kind"
    " and x.removed_at is null and x.key is distinct from r.but and (x.data->>'rank')::int <> 95"
    " and x.data @> r.match::jsonb order by x.since desc limit 1)"
)
STEPS = Table(
    "station_steps",
    _columns(_STEP),
    "insert into station_objects as o (tenant_id, station_id, kind, key, status, data, since, received_at)"  # noqa: S608
    " select s.tenant_id, s.station_id, s.kind, s.found, (array_agg(s.status order by s.rank desc, s.n desc))[1],"
    " (select coalesce(jsonb_object_agg(e.key, e.value), '{}'::jsonb) from unnest(array_agg(s.data order by s.n)) d(d),"
    " jsonb_each(d.d) e) || jsonb_build_object('rank', (array_agg(s.leaves order by s.rank desc, s.n desc))[1],"
    " 'applies', max(s.rank), 'timeline', jsonb_agg(s.step order by s.n)), min(s.received_at), max(s.received_at)"
    " from (select r.tenant_id, r.station_id, r.kind, r.status, r.rank, r.leaves, r.step::jsonb as step,"
    " r.data::jsonb as data, r.received_at, r.n, coalesce(r.key, "
    f"{_NEWEST},"
    " nullif(r.otherwise, '')) as found from {rows}) s"
    " where s.found is not null group by s.tenant_id, s.station_id, s.kind, s.found"
    " on conflict (station_id, kind, key) do update set"
    " status = case when (excluded.data->>'applies')::int >= (o.data->>'rank')::int then excluded.status"
    " else o.status end,"
    " data = o.data || (excluded.data - 'rank' - 'timeline' - 'applies') || jsonb_build_object("
    "'rank', case when (excluded.data->>'applies')::int >= (o.data->>'rank')::int then excluded.data->'rank'"
    " else o.data->'rank' end,"
    " 'timeline', case when jsonb_array_length(o.data->'timeline') < 200"
    " then o.data->'timeline' || (excluded.data->'timeline') else o.data->'timeline' end),"
    " received_at = excluded.received_at, removed_at = null",
)
STEP_EVENTS = Table(
    "step_events",
    _columns(
        "tenant_id uuid, station_id uuid, received_at timestamptz, id uuid, type text, subject text, data text, "
        "kind text, otherwise text, but text, match text"
    ),
    "insert into events (tenant_id, received_at, id, type, subject, data)"  # noqa: S608 - a query of our own
    " select s.tenant_id, s.received_at, s.id, s.type, s.subject, jsonb_set(s.data::jsonb, '{key}', to_jsonb(s.found))"
    f" from (select r.*, coalesce({_NEWEST}, nullif(r.otherwise, '')) as found from {{rows}}) s"
    " where s.found is not null",
)
MONITOR_EVENTS = _append(
    "monitor_events",
    "tenant_id uuid, station_id uuid, id uuid, event_id bigint, at timestamptz, trigger text, notification text, "
    "component text, variable text, actual_value text, cleared boolean, monitor_id bigint, severity integer, "
    "cause bigint, tech_code text, tech_info text, transaction_id text, received_at timestamptz",
    {"component": _JSONB, "variable": _JSONB},
)
STREAM_VALUES = _append(
    "stream_values",
    "tenant_id uuid, station_id uuid, id uuid, n integer, stream_id bigint, at timestamptz, value text, "
    "received_at timestamptz",
)
CUSTOMER_REPORTS = _append(
    "customer_reports",
    "tenant_id uuid, station_id uuid, id uuid, request_id bigint, seq_no integer, text text, received_at timestamptz",
)
TOKENS = Table(
    "tokens",
    _columns("tenant_id uuid, id uuid, uid text, uid_key text, type text, status text, reason text, at timestamptz"),
    "insert into tokens (tenant_id, id, uid, uid_key, type, status, reason, created_at, updated_at)"
    " select r.tenant_id, r.id, r.uid, r.uid_key, r.type, r.status, r.reason, r.at, r.at from {rows}"
    " on conflict (tenant_id, uid_key) do nothing",
)
# Where a reservation may go from where it is; what came too late for that is left alone.
RESERVATIONS = Table(
    "reservations",
    _columns(
        "tenant_id uuid, station_id uuid, number integer, status text, at timestamptz, answer text, detail text, "
        "session_id uuid"
    ),
    "update reservations o set"
    " status = case when r.status is null or (r.status = 'accepted' and o.status <> 'pending') then o.status"
    " else r.status end,"
    " answer = coalesce(r.answer, o.answer), detail = coalesce(r.detail, o.detail),"
    " session_id = coalesce(r.session_id, o.session_id), updated_at = r.at,"
    " ended_at = case when coalesce(r.status, 'accepted') in ('accepted', 'pending', 'cancelling') then o.ended_at"
    " else coalesce(o.ended_at, r.at) end"
    " from {rows} where o.station_id = r.station_id and o.tenant_id = r.tenant_id and o.number = r.number"
    " and (o.ended_at is null or (r.status = 'used' and o.status <> 'cancelled'))",
)
FORWARDED = _append(
    "forward_messages",
    "tenant_id uuid, id uuid, station_id uuid, received_at timestamptz, version text, action text, payload text, "
    "transaction_id bigint",
)
# The pending password is the one that was accepted; not true while none is pending.
_ACCEPTED = "r.accepted_at is not null and s.pending_password_hash = coalesce(r.hashed, s.pending_password_hash)"
# What stations do to their own configuration. One update a station and batch: a row can be updated once a statement.
STATIONS = Table(
    "stations",
    _columns(
        "tenant_id uuid, station_id uuid, accepted_at timestamptz, holds boolean, held_off text, profile integer, "
        "hashed text"
    ),
    (
        "update stations s set"
        " password_hash = case when {accepted} then s.pending_password_hash else s.password_hash end,"
        " security_profile = case when {accepted}"
        " then greatest(s.security_profile, 1) else s.security_profile end,"
        " pending_password_hash = case when {accepted} then null else s.pending_password_hash end,"
        " pending_password_at = case when {accepted} then null else s.pending_password_at end,"
        " held_off = case when r.holds then r.held_off::jsonb else s.held_off end,"
        " highest_profile = greatest(s.highest_profile, coalesce(r.profile, 0)),"
        " updated_at = greatest(s.updated_at, coalesce(r.accepted_at, s.updated_at)),"
        " revision = s.revision + 1"
        " from {rows}"
        " where s.id = r.station_id and s.tenant_id = r.tenant_id"
    ).replace("{accepted}", _ACCEPTED),
)

TABLES = (
    READINGS, FRAMES, EVENTS, STATES, CONNECTORS, SESSIONS, FACTS, UNMATCHED, COMMANDS, REPORTS, VARIABLES,
    VARIABLE_SWEEPS, OBJECTS,
    SWEEPS, MATCHES, JOBS, STATIONS,
    STEPS, STEP_EVENTS, MONITOR_EVENTS, STREAM_VALUES, CUSTOMER_REPORTS, TOKENS, RESERVATIONS,
    FORWARDED,
)  # fmt: skip


@functools.cache
def statement(tables: tuple[Table, ...]) -> str:
    """One statement that writes the batch's id ($1) and the rows of these tables, in this order.

    Cached for the few dozen combinations that occur; the connection keeps each prepared.
    """
    parts = ["b as (insert into journal_batches (id) values ($1))"]
    first = 2
    for table in tables[:-1]:
        parts.append(f"{table.name}_rows as ({table.render(first)})")
        first += table.parameters
    if not tables:
        return "insert into journal_batches (id) values ($1)"
    return f"with {', '.join(parts)} {tables[-1].render(first)}"


def ordered(tables: Iterable[Table]) -> tuple[Table, ...]:
    """In one fixed order, so that a combination of tables is one statement."""
    present = set(tables)
    return tuple(table for table in TABLES if table in present)
