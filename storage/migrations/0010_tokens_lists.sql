-- What a token may do and where, whose unknown ones are let in, which tokens lie on stations, and who has reserved what.

alter table tokens drop constraint tokens_status_check;
alter table tokens add constraint tokens_status_check
    check (status in ('accepted', 'blocked', 'expired', 'invalid', 'no_credit'));
alter table tokens
    add column additional       jsonb not null default '[]',  -- [{"value", "type"}]: OCPP 2.x additionalInfo
    add column language1        text,
    add column language2        text,
    add column message          jsonb,                        -- {"format", "language"?, "content"}
    add column more_messages    jsonb not null default '[]',  -- the same in other languages (2.1)
    add column priority         smallint check (priority between -9 and 9),
    add column places           jsonb not null default '[]',  -- [{"station" or "site", "evses"?}]; none: everywhere
    add column connector_types  text[] not null default '{}', -- 2.x ConnectorEnumType; none: any
    add column windows          jsonb not null default '[]',  -- [{"days", "from", "to"}]; none: always
    add column time_zone        text not null default 'UTC',  -- of the windows
    add column concurrent       integer check (concurrent >= 0),  -- sessions at a time; null: as the rules say, 0: any
    add column cache_seconds    integer check (cache_seconds >= 0),  -- how long stations may remember; null: the rules
    add column prepaid          boolean not null default false,
    add column reason           text;                         -- why it is there, when nobody made it by hand

-- How many sessions of a token are open, whatever station they are at.
create index sessions_open_by_token on sessions (tenant_id, lower(token)) where status = 'active';

-- What holds for tokens where nothing is said of a single one. The narrowest rule that says something wins:
-- of a station, of its site, of the tenant (both null).
create table token_rules (
    tenant_id     uuid not null references tenants,
    id            uuid primary key,
    station_id    uuid references stations,
    site          text,
    unknown       text check (unknown in ('reject', 'accept', 'create')),
    concurrent    integer check (concurrent >= 0),
    cache_seconds integer check (cache_seconds >= 0),
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    check (station_id is null or site is null)
);
create unique index token_rules_of on token_rules
    (tenant_id, coalesce(station_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(site, ''));
select fence('token_rules');
grant select on token_rules to voltyard_node;
grant select, insert, update, delete on token_rules to voltyard_web;

-- Which tokens shall lie on stations: the narrowest rule counts, as above.
create table local_list_rules (
    tenant_id  uuid not null references tenants,
    id         uuid primary key,
    station_id uuid references stations,
    site       text,
    rule       text not null check (rule in ('accepted', 'all', 'tokens', 'groups', 'empty')),
    tokens     text[] not null default '{}',                  -- uid keys
    groups     text[] not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (station_id is null or site is null)
);
create unique index local_list_rules_of on local_list_rules
    (tenant_id, coalesce(station_id, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(site, ''));
select fence('local_list_rules');
grant select on local_list_rules to voltyard_node;
grant select, insert, update, delete on local_list_rules to voltyard_web;

-- How far each station's list is.
create table local_lists (
    tenant_id       uuid not null references tenants,
    station_id      uuid primary key references stations,
    status          text not null,                            -- waiting, syncing, synced, failed, unsupported
    version         bigint,                                   -- that the station has accepted; null: not known
    station_version bigint,                                   -- as the station last said
    sent            integer not null default 0,               -- entries of the present round
    total           integer not null default 0,
    skipped         integer not null default 0,               -- tokens that this station's version cannot hold
    entries         integer not null default 0,               -- that the station has confirmed
    error           text,
    started_at      timestamptz,
    synced_at       timestamptz,
    updated_at      timestamptz not null
);
select fence('local_lists');
grant select on local_lists to voltyard_node;
grant select, insert, update, delete on local_lists to voltyard_web;

-- What lies on each station as far as it has confirmed it: the ground of differential updates.
create table local_list_entries (
    tenant_id  uuid not null references tenants,
    station_id uuid not null references stations,
    uid_key    text not null,
    uid        text not null,
    type       text not null,
    digest     text not null,                                 -- of what was sent
    primary key (station_id, uid_key)
);
select fence('local_list_entries');
grant select on local_list_entries to voltyard_node;
grant select, insert, update, delete on local_list_entries to voltyard_web;

create table reservations (
    tenant_id      uuid not null references tenants,
    id             uuid primary key,
    station_id     uuid not null references stations,
    number         integer not null,                          -- the reservation id the station knows
    evse           integer,                                   -- null: any of the station
    connector      integer,
    connector_type text,                                      -- 2.x ConnectorEnumType; null: any
    token          text not null,
    token_type     text not null,
    group_uid      text,
    starts_at      timestamptz not null,
    expires_at     timestamptz not null,
    status         text not null check (status in (
                       'pending', 'accepted', 'refused', 'cancelling', 'cancelled', 'used', 'expired', 'removed')),
    answer         text,                                      -- the station's own word to ReserveNow
    detail         text,
    session_id     uuid,
    requested_by   text,
    request_id     text,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    ended_at       timestamptz,
    check (expires_at > starts_at),
    unique (station_id, number)
);
create index reservations_open on reservations (station_id, starts_at) where ended_at is null;
create index reservations_by_tenant on reservations (tenant_id, id desc);
alter table reservations set (fillfactor = 80);
select fence('reservations');
grant select, update on reservations to voltyard_node;
grant select, insert, update on reservations to voltyard_web;

-- When stations, EVSEs and connectors are to be out of service or back in it, once or again and again.
create table availability_plans (
    tenant_id  uuid not null references tenants,
    id         uuid primary key,
    station_id uuid not null references stations,
    evse       integer,
    connector  integer,
    operative  boolean not null,                              -- what holds from starts_at on
    starts_at  timestamptz not null,
    ends_at    timestamptz,                                   -- then the other way round; null: it stays
    repeats    text check (repeats in ('daily', 'weekly')),
    time_zone  text not null default 'UTC',
    reason     text,
    status     text not null check (status in ('planned', 'active', 'done', 'cancelled', 'failed')),
    detail     text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (ends_at > starts_at)
);
create index availability_plans_by_tenant on availability_plans (tenant_id, id desc);
select fence('availability_plans');
grant select on availability_plans to voltyard_node;
grant select, insert, update on availability_plans to voltyard_web;
