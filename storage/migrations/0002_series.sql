-- High-volume tables, partitioned by our own received_at, never by a station's clock. A partitioned table can only be
-- unique together with its time, so nothing here is relied on to be unique. Partitions are made ahead and dropped by
-- the functions of 0003.

create table frames (
    tenant_id   uuid not null,
    station_id  uuid not null,
    received_at timestamptz not null,
    id          uuid not null,
    direction   text not null,                                -- in, out
    action      text,
    message_id  text,
    outcome     text not null,                                -- accepted, repaired, refused, ignored, violated, sent, quarantined
    text        text not null,                                -- redacted
    repairs     jsonb
) partition by range (received_at);
create index frames_by_station on frames (station_id, received_at desc);

-- One row a sampled moment. These rows are the measured facts of a session.
create table meter_values (
    tenant_id       uuid not null,
    station_id      uuid not null,
    received_at     timestamptz not null,
    session_id      uuid,
    evse            integer,
    connector       integer,
    at              timestamptz not null,                     -- the station's time, corrected by its known offset
    claimed_at      timestamptz,                              -- the station's own claim, when it differs
    context         text,
    import_milli_wh bigint,                                   -- register, thousandths of a Wh
    export_milli_wh bigint,
    power_w         double precision,                         -- import positive, export negative
    soc             double precision,
    sampled         json not null,                            -- sampledValue as received
    seq_no          integer                                   -- of the 2.x message it came with
) partition by range (received_at);
create index meter_values_by_station on meter_values (station_id, received_at);

create sequence event_numbers;
create table events (
    tenant_id   uuid not null,
    received_at timestamptz not null,
    xid         xid8 not null default pg_current_xact_id(),
    number      bigint not null default nextval('event_numbers'),
    id          uuid not null,
    type        text not null,                                -- CloudEvents type
    subject     text not null,                                -- stations/{id}, sessions/{id} …
    data        jsonb not null,
    request_id  text
) partition by range (received_at);
create index events_in_order on events (xid, number);
create index events_by_subject on events (subject, received_at desc);
create index events_newest on events (tenant_id, received_at desc);
