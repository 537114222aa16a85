"""What an actor asks the journal to keep: one class a kind of row, in the shape the row has.

Records are msgspec structs, since some are made for every frame. A `Unit` is everything one message causes: it is
committed whole or not at all, and quarantined whole when the database refuses its content.
Upserts (`key` below) carry the whole new row: within a batch the last one of a key wins.
Energies are `Decimal` Wh in decisions and thousandths of a Wh (`*_milli_wh`) in rows.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """A row on its way to the journal."""


class FrameRecord(Record, frozen=True, gc=False):
    """A line of the frame log; `text` is redacted, `repairs` a JSON-able list or None. Table frames."""

    id: UUID
    received_at: datetime
    direction: str
    action: str | None
    message_id: str | None
    outcome: str
    text: str
    repairs: list[dict[str, str]] | None = None


class ReadingRecord(Record, frozen=True, gc=False):
    """One sampled moment; `sampled` is the sampledValue list as JSON text. Table meter_values. The hot one."""

    received_at: datetime
    session_id: UUID | None
    evse: int | None
    connector: int | None
    at: datetime
    claimed_at: datetime | None
    context: str | None
    import_milli_wh: int | None
    export_milli_wh: int | None
    power_w: float | None
    soc: float | None
    sampled: str
    seq_no: int | None = None


class StationStateRecord(Record, frozen=True, gc=False):
    """Upsert of station_states by station."""

    online: bool
    version: str | None
    last_seen_at: datetime | None
    connected_at: datetime | None
    remote_address: str | None
    boot: dict[str, Any] | None
    quirks: list[dict[str, Any]]
    clock_offset_ms: int | None
    next_transaction: int
    local: dict[str, Any]


class ConnectorRecord(Record, frozen=True, gc=False):
    """Upsert of connectors by (station, evse, connector). 1.6: evse is the connector id, connector 1 (0 for 0)."""

    evse: int
    connector: int
    status: str
    error: str | None
    info: str | None
    vendor_error: str | None
    since: datetime
    received_at: datetime


class SessionRecord(Record, frozen=True, gc=False):
    """Upsert of sessions by id: the whole derived row."""

    id: UUID
    business_key: str
    transaction_id: str | None
    evse: int | None
    connector: int | None
    token: str | None
    token_type: str | None
    status: str
    charging_state: str | None
    started_at: datetime
    ended_at: datetime | None
    import_milli_wh: int | None
    export_milli_wh: int | None
    power_w: float | None
    soc: float | None
    last_reading_at: datetime | None
    stop_reason: str | None
    remote_start_id: int | None
    flags: list[str]
    registers: dict[str, Any]
    began_received_at: datetime
    last_received_at: datetime
    details: dict[str, Any] = {}


class SessionFactRecord(Record, frozen=True, gc=False):
    """Appended to session_facts."""

    id: UUID
    session_id: UUID
    kind: str
    at: datetime
    received_at: datetime
    data: dict[str, Any]


class UnmatchedRecord(Record, frozen=True, gc=False):
    """Into unmatched_transactions by id. The id is made from the content (uuid5), so a repeat changes nothing.

    With `session_id` set the row of that id is marked as resolved by that session (resolved_at = received_at).
    """

    id: UUID
    transaction_id: str | None
    kind: str
    received_at: datetime
    data: dict[str, Any]
    session_id: UUID | None = None


class CommandRecord(Record, frozen=True, gc=False):
    """Upsert of commands by id; request and answer are redacted."""

    id: UUID
    action: str
    command: str | None
    status: str
    message_id: str | None
    version: str | None
    request: Any
    answer: Any
    error: Any
    outcome: str | None
    requested_by: str | None
    request_id: str | None
    created_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


class ReportRecord(Record, frozen=True, gc=False):
    """Appended to station_reports; payload redacted."""

    id: UUID
    action: str
    received_at: datetime
    payload: Any


class VariableRecord(Record, frozen=True, gc=False):
    """Upsert of variables by (station, component, variable, attribute_type); value redacted where it is a secret."""

    component: str
    variable: str
    attribute_type: str
    value: str | None
    detail: dict[str, Any]
    received_at: datetime


class VariablesSweptRecord(Record, frozen=True, gc=False):
    """A full inventory has come: what this station's variables hold that is older than `before` is gone."""

    before: datetime
    at: datetime


class PasswordAcceptedRecord(Record, frozen=True, gc=False):
    """The station accepted the pending password: stations.password_hash becomes pending_password_hash.

    `hashed`: only if that is the one that is pending.
    """

    at: datetime
    hashed: str | None = None


class HeldOffRecord(Record, frozen=True, gc=False):
    """stations.held_off of this station becomes `value` (None: no longer held off)."""

    value: dict[str, Any] | None


class ProfileProvedRecord(Record, frozen=True, gc=False):
    """A security profile has worked: stations.highest_profile becomes the greater of both."""

    profile: int


class EventRecord(Record, frozen=True, gc=False):
    """Into the outbox (table events); `data` is the JSON of a typed event of protocol/events."""

    id: UUID
    received_at: datetime
    type: str
    subject: str
    data: bytes
    request_id: str | None = None


class StepEventRecord(Record, frozen=True, gc=False):
    """The event of a step without a key: it names the object that the step belongs to, which the database finds.

    As `StationStepRecord` of the same moment finds it; `data` is the event's JSON, with any `key`.
    """

    id: UUID
    received_at: datetime
    type: str
    subject: str
    data: bytes
    kind: str
    otherwise: str
    but: str | None
    match: dict[str, Any]


class StationObjectRecord(Record, frozen=True, gc=False):
    """Upsert of station_objects by (station, kind, key): something a station holds. Redacted by whoever makes it.

    `removed`: it is gone; `data` then is what it was, or {} to keep what the row has.
    """

    kind: str
    key: str
    status: str | None
    data: dict[str, Any]
    received_at: datetime
    removed: bool = False


class ObjectsSweptRecord(Record, frozen=True, gc=False):
    """A full list has come: what this station held of `kind` and is not among `keep` (keys) is gone."""

    kind: str
    keep: list[str]
    at: datetime


class ObjectsMatchedRecord(Record, frozen=True, gc=False):
    """What this station holds of `kind` and whose data contains `match` changes, as JSON containment (`@>`) says it.

    Only those named by `keys` when it is given, and none of `keep`. `removed`: they are gone; `status`: what is set.
    Their data stays. Rows that came before it in the same batch are hit too, those of the same moment are not.
    """

    kind: str
    at: datetime
    match: dict[str, Any] = {}
    keys: list[str] | None = None
    keep: list[str] = []
    status: str | None = None
    removed: bool = True


class JobRecord(Record, frozen=True, gc=False):
    """Work for later (table jobs), begun in the same transaction as what it follows from.

    `kind` names its handler (gateway/worker). With `key`, nothing happens while a job of that kind and key is open.
    """

    id: UUID
    kind: str
    key: str | None
    state: dict[str, Any]
    created_at: datetime
    run_at: datetime
    expires_at: datetime | None = None
    waits_for: str | None = None
    subject: str | None = None


class StationStepRecord(Record, frozen=True, gc=False):
    """A step of something that goes on at a station: upsert of station_objects, appended to its `data.timeline`.

    Made by `actors.station.steps.step`, which says what the fields mean.
    """

    kind: str
    key: str | None
    otherwise: str
    but: str | None
    match: dict[str, Any]
    status: str
    rank: int
    leaves: int
    step: dict[str, Any]
    data: dict[str, Any]
    received_at: datetime


class MonitorEventRecord(Record, frozen=True, gc=False):
    """Appended to monitor_events: one eventData of NotifyEvent."""

    id: UUID
    event_id: int
    at: datetime
    trigger: str
    notification: str
    component: dict[str, Any]
    variable: dict[str, Any]
    actual_value: str
    cleared: bool
    monitor_id: int | None
    severity: int | None
    cause: int | None
    tech_code: str | None
    tech_info: str | None
    transaction_id: str | None
    received_at: datetime


class StreamValueRecord(Record, frozen=True, gc=False):
    """Appended to stream_values; `id` is the message's, `n` the place within it."""

    id: UUID
    n: int
    stream_id: int
    at: datetime
    value: str
    received_at: datetime


class CustomerReportRecord(Record, frozen=True, gc=False):
    """Appended to customer_reports: one part of what a station holds of a customer."""

    id: UUID
    request_id: int
    seq_no: int
    text: str
    received_at: datetime


class TokenRecord(Record, frozen=True, gc=False):
    """A token that comes into being because the rules let unknown ones in; one that is there stays as it is."""

    id: UUID
    uid: str
    type: str
    status: str
    reason: str
    at: datetime


class ReservationRecord(Record, frozen=True, gc=False):
    """What becomes of this station's reservation of that number; of one that has ended only `used` is news.

    `status` None: only the answer is kept. `answer` is the station's own word.
    """

    number: int
    status: str | None
    at: datetime
    answer: str | None = None
    detail: str | None = None
    session_id: UUID | None = None


class ForwardedRecord(Record, frozen=True, gc=False):
    """Appended to forward_messages: what other backends are told. `payload` is JSON text, valid for `version`."""

    id: UUID
    received_at: datetime
    version: str
    action: str
    payload: str
    transaction_id: int | None = None


class Unit(msgspec.Struct, frozen=True, gc=False):
    """All that one message of one station causes. `raw`: the redacted frame, kept if the database refuses the rest."""

    tenant_id: UUID
    station_id: UUID
    raw: str
    records: list[Record]
