-- What lies on a station as last known, what our own long work stands at, and how every later table gets its fence.

-- Fences a table: row-level security as in 0003. Called by migrations only; the owner alone may.
create function fence(p_table name) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    mine constant text :=
        $tenant$tenant_id = (select nullif(pg_catalog.current_setting('voltyard.tenant', true), '')::uuid)$tenant$;
begin
    execute format('alter table public.%I enable row level security', p_table);
    execute format('alter table public.%I force row level security', p_table);
    execute format('create policy node_all on public.%I to voltyard_node using (true) with check (true)', p_table);
    execute format('create policy web_own on public.%I to voltyard_web using (%s) with check (%s)', p_table, mine, mine);
end
$$;
revoke all on function fence(name) from public;

-- One row for each thing that a station holds, or has told us of itself: charging profiles, display messages, monitors,
-- installed certificates, reservations, DER controls, reports under way … `kind` says which, `key` names it within the
-- station; what `data` holds is said by the capability that writes it (actors/<capability>/objects.py).
-- Written by the journal. What is gone keeps its row, so that it can be told since when.
create table station_objects (
    tenant_id   uuid not null references tenants,
    station_id  uuid not null references stations,
    kind        text not null,
    key         text not null,
    status      text,
    data        jsonb not null default '{}',
    since       timestamptz not null,                         -- when it was first there
    received_at timestamptz not null,                         -- of its last change
    removed_at  timestamptz,
    primary key (station_id, kind, key)
);
create index station_objects_by_kind on station_objects (tenant_id, kind, received_at desc);
alter table station_objects set (fillfactor = 85);
select fence('station_objects');
grant select, insert, update on station_objects to voltyard_node;
grant select on station_objects to voltyard_web;

create index station_reports_by_tenant on station_reports (tenant_id, action, id desc);

-- Work that outlives a request and a crash: one row a piece, claimed by one worker at a time (storage/jobs).
create table jobs (
    tenant_id    uuid not null references tenants,
    id           uuid primary key,
    kind         text not null,                               -- which handler: gateway/worker
    key          text,                                        -- at most one open job of a kind and key
    station_id   uuid references stations,
    subject      text,                                        -- what it belongs to: campaigns/{id} …
    status       text not null default 'waiting'
                 check (status in ('waiting', 'done', 'failed', 'cancelled', 'expired')),
    run_at       timestamptz not null,                        -- not before
    waits_for    text,                                        -- online: until its station connects; else null
    expires_at   timestamptz,                                 -- then it ends as expired, unless it runs
    leased_until timestamptz,                                 -- a worker has it; past this time another may take it
    lease        uuid,
    attempts     integer not null default 0,
    priority     smallint not null default 0,                 -- higher goes first
    state        jsonb not null default '{}',                 -- what the handler goes on from
    result       jsonb,
    error        text,
    requested_by text,
    request_id   text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    finished_at  timestamptz
);
create unique index jobs_one_open on jobs (tenant_id, kind, key) where status = 'waiting' and key is not null;
create index jobs_due on jobs (run_at) where status = 'waiting';
create index jobs_open_by_station on jobs (station_id) where status = 'waiting';
create index jobs_by_station on jobs (station_id, id desc);
create index jobs_by_subject on jobs (subject, id desc) where subject is not null;
select fence('jobs');
grant select, insert, update on jobs to voltyard_node;
grant select, insert, update on jobs to voltyard_web;
