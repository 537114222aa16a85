-- What a station is given when it fetches new values for a Dynamic charging profile (PullDynamicScheduleUpdate).
-- Written by operators through the API; what a station was pushed or has fetched last is among its objects.
create table dynamic_limits (
    tenant_id  uuid not null references tenants,
    station_id uuid not null references stations,
    profile    integer not null,                              -- the charging profile's id at the station
    limits     jsonb not null,                                -- limit, discharge_limit, setpoint …, neutral names
    set_at     timestamptz not null,
    set_by     text not null,
    primary key (station_id, profile)
);
select fence('dynamic_limits');
grant select, insert, update on dynamic_limits to voltyard_node;
grant select, insert, update, delete on dynamic_limits to voltyard_web;
