-- The address that a station shows as a code to pay on the web, and the secret with which its one-time codes are checked.

create table web_payments (
    tenant_id       uuid not null references tenants,
    id              uuid primary key,
    station_id      uuid not null references stations on delete cascade,
    evse            integer not null default 0 check (evse >= 0),   -- 0: of the whole station
    url_template    text not null,
    roaming_evse_id text,
    payment_page    text,                                           -- where a driver with a right code is sent to pay
    validity_s      integer not null check (validity_s between 6 and 3600),
    length          integer not null check (length between 6 and 32),
    secret_sealed   bytea,                                          -- that the station took; of no use without the seal file
    pending_sealed  bytea,                                          -- on its way, or its answer was lost
    updated_at      timestamptz not null,
    revision        bigint not null default 1,
    unique (station_id, evse)
);
create index web_payments_templates on web_payments (tenant_id, url_template);
select fence('web_payments');
grant select, insert, update, delete on web_payments to voltyard_web;
