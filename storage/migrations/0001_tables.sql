-- Ordinary tables: what must be unique, and what is brought up to date in place.
-- Every table carries tenant_id; 0003_fences.sql keeps tenants apart. Ids are UUIDv7 made by the application.

create table tenants (
    id          uuid primary key,
    slug        text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name        text not null,
    created_at  timestamptz not null default now()
);
insert into tenants (id, slug, name) values ('00000000-0000-7000-8000-000000000001', 'default', 'Default');

create table stations (
    tenant_id            uuid not null references tenants,
    id                   uuid primary key,
    identity             text not null,                       -- as the operator or the station first wrote it
    identity_key         text not null,                       -- casefolded: identities are unique ignoring case
    name                 text,
    site                 text,
    admission            text not null default 'accepted' check (admission in ('accepted', 'pending', 'rejected')),
    security_profile     smallint not null default 0 check (security_profile between 0 and 3),
    highest_profile      smallint not null default 0,         -- the highest that has worked
    password_hash        text,                                -- see storage/passwords.py; null: none asked
    pending_password_hash text,                               -- sent to the station, not yet accepted by it
    ocpp_version         text check (ocpp_version in ('1.6', '2.0.1', '2.1')),  -- pin; null: as offered
    strict               boolean not null default false,
    frame_log            text not null default 'default' check (frame_log in ('default', 'all', 'none')),
    settings             jsonb not null default '{}',         -- items_per_message, compression, subprotocol_optional …
    held_off             jsonb,                               -- set when its frames crash us again and again
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    revision             bigint not null default 1,           -- ETag
    deleted_at           timestamptz
);
create unique index stations_identity on stations (tenant_id, identity_key) where deleted_at is null;

-- What the station itself last told or showed us; written by the journal alone.
create table station_states (
    tenant_id      uuid not null references tenants,
    station_id     uuid primary key references stations,
    online         boolean not null default false,
    version        text,
    last_seen_at   timestamptz,
    connected_at   timestamptz,
    remote_address text,
    boot           jsonb,                                     -- vendor, model, serial, firmware …, at, reason
    quirks         jsonb not null default '[]',               -- [{"code", "count", "last_at"}]
    clock_offset_ms bigint,                                   -- station clock minus ours, as last seen
    next_transaction integer not null default 0,              -- 1.6: the last transaction id handed out
    local          jsonb not null default '{}'                -- what the actor wants back after a restart
);

create table connectors (
    tenant_id    uuid not null references tenants,
    station_id   uuid not null references stations,
    evse         integer not null,
    connector    integer not null,
    status       text not null,
    error        text,
    info         text,
    vendor_error text,
    since        timestamptz not null,
    received_at  timestamptz not null,
    primary key (station_id, evse, connector)
);

create table tokens (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    uid         text not null,
    uid_key     text not null,                                -- casefolded normal form
    type        text not null default 'ISO14443',
    status      text not null default 'accepted' check (status in ('accepted', 'blocked', 'expired', 'invalid')),
    holder      text,
    group_uid   text,
    master      boolean not null default false,
    expires_at  timestamptz,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    revision    bigint not null default 1,
    unique (tenant_id, uid_key)
);
create index tokens_by_beginning on tokens (tenant_id, left(uid_key, 20));  -- stations of 1.6 cut idTags

create table sessions (
    tenant_id       uuid not null references tenants,
    id              uuid primary key,
    station_id      uuid not null references stations,
    business_key    text not null,                            -- see actors/session/matching.py
    transaction_id  text,                                     -- the station's; 1.6: the number we handed out, as text
    evse            integer,
    connector       integer,
    token           text,
    token_type      text,
    status          text not null check (status in ('active', 'ended', 'orphaned')),
    charging_state  text,
    started_at      timestamptz not null,
    ended_at        timestamptz,
    import_milli_wh bigint,                                   -- energy so far, thousandths of a Wh
    export_milli_wh bigint,
    power_w         double precision,
    soc             double precision,
    last_reading_at timestamptz,
    stop_reason     text,
    remote_start_id bigint,
    flags           text[] not null default '{}',
    registers       jsonb not null default '{}',              -- segments and sequence numbers: what the derivation carries on from
    began_received_at timestamptz not null,                   -- bounds of received_at, to find its readings
    last_received_at  timestamptz not null,
    sealed          boolean not null default false,           -- its readings' partition is gone: not derived again
    unique (station_id, business_key)
);
create index sessions_open on sessions (station_id) where status = 'active';
create index sessions_by_tenant on sessions (tenant_id, started_at desc, id desc);
create index sessions_by_transaction on sessions (station_id, transaction_id);
create index sessions_by_end on sessions (station_id, ended_at desc) where ended_at is not null;

-- Facts other than readings (those are meter_values). The session's row is derived from both.
create table session_facts (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    session_id  uuid not null,
    kind        text not null check (kind in ('began','suspended','resumed','ended','reopened','orphaned','corrected')),
    at          timestamptz not null,                         -- corrected station time
    received_at timestamptz not null,
    data        jsonb not null
);
create index session_facts_by_session on session_facts (session_id, received_at, id);

-- 1.6 stops and 2.x events that match no session yet; reconciled when the start arrives.
create table unmatched_transactions (
    tenant_id      uuid not null references tenants,
    id             uuid primary key,
    station_id     uuid not null references stations,
    transaction_id text,
    kind           text not null,                             -- stop, update, end, meter
    received_at    timestamptz not null,
    data           jsonb not null,
    session_id     uuid,
    resolved_at    timestamptz
);
create index unmatched_open on unmatched_transactions (station_id) where resolved_at is null;

create table commands (
    tenant_id    uuid not null references tenants,
    id           uuid primary key,
    station_id   uuid not null references stations,
    action       text not null,
    command      text,                                        -- the neutral name, when it came as one
    status       text not null,                               -- sent, answered, error, timeout, lost, late_answered, invalid_answer
    message_id   text,
    version      text,
    request      jsonb,                                       -- redacted
    answer       jsonb,                                       -- redacted
    error        jsonb,
    outcome      text,
    requested_by text,
    request_id   text,
    created_at   timestamptz not null,
    sent_at      timestamptz,
    finished_at  timestamptz
);
create index commands_by_station on commands (station_id, id desc);

-- Notifications whose answer carries no decision: stored as they are.
create table station_reports (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    station_id  uuid not null references stations,
    action      text not null,
    received_at timestamptz not null,
    payload     jsonb not null                                -- redacted
);
create index station_reports_by_station on station_reports (station_id, action, id desc);

-- Device model (2.x) and configuration keys (1.6) as last known.
create table variables (
    tenant_id      uuid not null references tenants,
    station_id     uuid not null references stations,
    component      text not null,                             -- canonical JSON of the component, or '' for 1.6 keys
    variable       text not null,                             -- canonical JSON of the variable, or the key
    attribute_type text not null default 'Actual',
    value          text,                                      -- redacted where it is a secret
    detail         jsonb not null default '{}',               -- mutability, characteristics, readonly …
    received_at    timestamptz not null,
    primary key (station_id, component, variable, attribute_type)
);

create table refusals (
    tenant_id      uuid references tenants,                   -- null: no tenant could be told
    id             uuid primary key,
    path           text not null,
    identity       text,
    address_prefix text not null,
    reason         text not null,
    detail         text,
    headers        jsonb not null default '{}',               -- redacted
    count          bigint not null,
    first_at       timestamptz not null,
    last_at        timestamptz not null,
    admitted_as    uuid,
    unique (path, address_prefix, reason)
);
create index refusals_last on refusals (last_at desc);

create table quarantine (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    station_id  uuid not null,
    received_at timestamptz not null,
    sqlstate    text not null,
    error       text not null,
    raw         bytea not null,                               -- the frame as it came, redacted
    resolved_at timestamptz
);

create table audit_log (
    tenant_id  uuid not null references tenants,
    id         uuid primary key,
    at         timestamptz not null,
    actor      text not null,
    action     text not null,
    subject    text not null,
    detail     jsonb not null default '{}',
    request_id text
);

create table idempotency_keys (
    tenant_id   uuid not null references tenants,
    key         text not null,
    fingerprint text not null,
    status      integer,
    response    jsonb,
    created_at  timestamptz not null,
    primary key (tenant_id, key)
);

-- The journal's own: which batches are in, so that a commit in doubt can be settled. A voided id was taken to make sure
-- that its batch is not in and never will be.
create table journal_batches (
    tenant_id    uuid not null default '00000000-0000-7000-8000-000000000001',  -- a batch is of no one tenant; no foreign key on the hot path
    id           uuid primary key,
    voided       boolean not null default false,
    committed_at timestamptz not null default clock_timestamp()
);

create index journal_batches_by_time on journal_batches using brin (committed_at);

create table event_consumers (
    tenant_id uuid not null default '00000000-0000-7000-8000-000000000001' references tenants,
    name      text primary key,
    xid       xid8 not null,
    number    bigint not null,
    moved_at  timestamptz not null default clock_timestamp()
);

-- Rows that are brought up to date in place again and again: room on their pages keeps updates off the indexes (HOT).
alter table station_states set (fillfactor = 70);
alter table connectors set (fillfactor = 80);
alter table sessions set (fillfactor = 70);
alter table variables set (fillfactor = 85);
