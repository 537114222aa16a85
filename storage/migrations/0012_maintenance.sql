-- Firmware, uploads, campaigns over many stations, what monitors tell, and the values of event streams.

-- Firmware images. The bytes lie in the files folder under the tenant's and the image's id (storage/files.py).
create table firmware (
    tenant_id           uuid not null references tenants,
    id                  uuid primary key,
    name                text not null,                        -- the file's name as stations see it
    version             text not null,                        -- what a station reports once it runs this
    vendor              text,
    model               text,
    status              text not null default 'awaiting'
                        check (status in ('awaiting', 'ready', 'deleted')),
    size                bigint,
    sha256              text,
    md5                 text,                                 -- what OCPP calls the checksum of a published image
    signature           text,
    signing_certificate text,
    created_by          text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null
);
create index firmware_by_tenant on firmware (tenant_id, id desc);
select fence('firmware');
grant select, insert, update on firmware to voltyard_web;
grant select on firmware to voltyard_node;

-- One-time addresses of our file server: what may be fetched or brought, by whom, how much, until when.
create table file_addresses (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    key_hash    text not null,                                -- of the unguessable part of the address
    purpose     text not null check (purpose in ('firmware', 'log', 'image')),
    station_id  uuid references stations,                     -- null: the operator's own (an image on its way here)
    firmware_id uuid references firmware,
    log_type    text,
    status      text not null default 'open' check (status in ('open', 'used', 'ended')),
    most_bytes  bigint,
    file_name   text,                                         -- as the station named it; never a path
    size        bigint,
    sha256      text,
    error       text,                                         -- why the last try failed
    details     jsonb not null default '{}',
    expires_at  timestamptz not null,
    requested_by text,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);
create index file_addresses_logs on file_addresses (tenant_id, id desc) where purpose = 'log';
create index file_addresses_by_station on file_addresses (station_id, id desc);
select fence('file_addresses');
grant select, insert, update, delete on file_addresses to voltyard_web;
grant select, update on file_addresses to voltyard_node;

-- Firmware campaigns, and where each of their stations stands.
create table campaigns (
    tenant_id    uuid not null references tenants,
    id           uuid primary key,
    name         text not null,
    firmware_id  uuid not null references firmware,
    status       text not null default 'running'
                 check (status in ('running', 'paused', 'cancelled', 'ended')),
    reason       text,                                        -- why it is paused
    rules        jsonb not null,                              -- waves, parallel, windows, limits of failure, tries
    chosen       jsonb not null,                              -- how its stations were chosen
    requested_by text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    ended_at     timestamptz
);
create index campaigns_by_tenant on campaigns (tenant_id, id desc);
select fence('campaigns');
grant select, insert, update on campaigns to voltyard_web;
grant select on campaigns to voltyard_node;

create table campaign_stations (
    tenant_id    uuid not null references tenants,
    campaign_id  uuid not null references campaigns,
    station_id   uuid not null references stations,
    wave         integer not null,
    status       text not null default 'pending'
                 check (status in ('pending', 'waiting', 'updating', 'succeeded', 'skipped', 'failed', 'cancelled')),
    stage        text,                                        -- the station's own last word
    attempts     integer not null default 0,
    version_before text,
    error        text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    primary key (campaign_id, station_id)
);
create index campaign_stations_open on campaign_stations (campaign_id, wave) where status in ('pending', 'waiting', 'updating');
select fence('campaign_stations');
grant select, insert, update on campaign_stations to voltyard_web;
grant select on campaign_stations to voltyard_node;

-- What monitors and hard-wired notifications told: one row for each eventData of NotifyEvent.
create table monitor_events (
    tenant_id     uuid not null references tenants,
    id            uuid not null,
    station_id    uuid not null references stations,
    event_id      bigint not null,
    at            timestamptz not null,                       -- by the station's clock
    trigger       text not null,
    notification  text not null,
    component     jsonb not null,
    variable      jsonb not null,
    actual_value  text not null,
    cleared       boolean not null default false,
    monitor_id    bigint,
    severity      integer,                                    -- as told (2.1)
    cause         bigint,
    tech_code     text,
    tech_info     text,
    transaction_id text,
    received_at   timestamptz not null,
    primary key (id)
);
create index monitor_events_by_tenant on monitor_events (tenant_id, id desc);
create index monitor_events_by_station on monitor_events (station_id, id desc);
select fence('monitor_events');
grant select, insert on monitor_events to voltyard_node;
grant select on monitor_events to voltyard_web;

-- Values of periodic event streams, in the order they came.
create table stream_values (
    tenant_id   uuid not null references tenants,
    id          uuid not null,                                -- of the batch they came in
    n           integer not null,                             -- within it
    station_id  uuid not null references stations,
    stream_id   bigint not null,
    at          timestamptz not null,
    value       text not null,
    received_at timestamptz not null,
    primary key (station_id, stream_id, id, n)
);
create index stream_values_by_time on stream_values using brin (received_at);
select fence('stream_values');
grant select, insert on stream_values to voltyard_node;
grant select on stream_values to voltyard_web;

-- What stations told about a customer, apart from everything else, so that it can be deleted.
create table customer_reports (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    station_id  uuid not null references stations,
    request_id  bigint not null,
    seq_no      integer not null,
    text        text not null,
    received_at timestamptz not null
);
create index customer_reports_by_request on customer_reports (station_id, request_id, seq_no);
select fence('customer_reports');
grant select, insert on customer_reports to voltyard_node;
grant select, delete on customer_reports to voltyard_web;
