-- A second backend: what stations say is also told to another CSMS, from a queue of its own.

create table forwards (
    tenant_id       uuid not null references tenants,
    id              uuid primary key,
    station_id      uuid not null references stations,
    url             text not null,
    identity        text not null,                            -- what the station is called there
    username        text,
    password_sealed bytea,                                    -- of no use without the node's seal file
    mode            text not null default 'read_only' check (mode in ('read_only', 'commands')),
    allowed         text[] not null default '{}',             -- actions that side may send
    enabled         boolean not null default true,
    position        uuid,                                     -- the last message of forward_messages it has had
    accepted_at     timestamptz,                              -- when that side first accepted the station
    state           jsonb not null default '{}',              -- connected, last_error, sent, skipped, refused …
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    revision        bigint not null default 1,
    unique (station_id, url, identity)
);
select fence('forwards');
grant select on forwards to voltyard_node;
grant update (position, accepted_at, state) on forwards to voltyard_node;
grant select, insert, update, delete on forwards to voltyard_web;

-- What a forwarded station has said, in order (ids are UUIDv7 of one actor), until every forward of it has had it.
create table forward_messages (
    tenant_id      uuid not null references tenants,
    id             uuid primary key,
    station_id     uuid not null references stations,
    received_at    timestamptz not null,
    version        text not null,
    action         text not null,
    payload        text not null,                             -- valid for the version, as repaired
    transaction_id bigint                                     -- the number that we answered a 1.6 start with
);
create index forward_messages_in_order on forward_messages (station_id, id);
select fence('forward_messages');
grant select, insert, delete on forward_messages to voltyard_node;
grant select on forward_messages to voltyard_web;

-- 1.6: transaction ids are given by the backend, so each side has its own.
create table forward_transactions (
    tenant_id  uuid not null references tenants,
    forward_id uuid not null references forwards on delete cascade,
    ours       bigint not null,
    theirs     bigint not null,
    made_at    timestamptz not null,
    primary key (forward_id, ours)
);
create index forward_transactions_theirs on forward_transactions (forward_id, theirs);
select fence('forward_transactions');
grant select, insert, update, delete on forward_transactions to voltyard_node;
grant select on forward_transactions to voltyard_web;
