-- Who sees what. The database keeps tenants apart, not the code:
--  * ordinary tables: row-level security, FORCEd, so that not even their owner passes without a policy;
--  * time series (frames, meter_values, events): TimescaleDB forbids row-level security on what it compresses, so the
--    web role is granted no table, only a security_barrier view with the same condition.
-- voltyard_node works for all tenants, by policies of its own on the tables named here; voltyard_web for exactly the one
-- in the setting voltyard.tenant of its transaction, and sees nothing while that is unset or empty.
-- A new table without a fence fails tests/storage/test_fences_catalogue.py.

do $$
declare
    wanted name;
begin
    foreach wanted in array array['voltyard_owner', 'voltyard_node', 'voltyard_web']::name[] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            begin
                execute pg_catalog.format('create role %I nologin', wanted);
            exception
                when duplicate_object then null;    -- somebody was faster
                when insufficient_privilege then
                    raise exception 'role % is missing and % may not create roles', wanted, current_user
                        using hint = pg_catalog.format('let an administrator run: create role %I', wanted);
            end;
        end if;
    end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to voltyard_node, voltyard_web;

-- Fences. `(select …)` makes the setting be read once a statement, not once a row.
do $$
declare
    t      name;
    tenant constant text := $tenant$(select nullif(pg_catalog.current_setting('voltyard.tenant', true), '')::uuid)$tenant$;
    mine   text;
begin
    foreach t in array array[
        'tenants', 'stations', 'station_states', 'connectors', 'tokens', 'sessions', 'session_facts',
        'unmatched_transactions', 'commands', 'station_reports', 'variables', 'refusals', 'quarantine', 'audit_log',
        'idempotency_keys', 'journal_batches', 'event_consumers'
    ]::name[] loop
        mine := case t
            when 'tenants' then 'id = ' || tenant
            -- What no tenant could be told for is the business of the platform, which acts as the default tenant.
            when 'refusals' then 'tenant_id = ' || tenant || ' or (tenant_id is null and '
                || tenant || ' = ''00000000-0000-7000-8000-000000000001'')'
            else 'tenant_id = ' || tenant
        end;
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy node_all on %I to voltyard_node using (true) with check (true)', t);
        execute format('create policy web_own on %I to voltyard_web using (%s) with check (%s)', t, mine, mine);
    end loop;
end
$$;

-- The owner's functions (0004) act as the owner, who is fenced like everybody: these are what they need.
create policy owner_seals on sessions to voltyard_owner using (true) with check (true);
create policy owner_reads on event_consumers for select to voltyard_owner using (true);

create view web_frames with (security_barrier) as
    select * from frames
    where tenant_id = (select nullif(pg_catalog.current_setting('voltyard.tenant', true), '')::uuid);
create view web_meter_values with (security_barrier) as
    select * from meter_values
    where tenant_id = (select nullif(pg_catalog.current_setting('voltyard.tenant', true), '')::uuid);
create view web_events with (security_barrier) as
    select * from events
    where tenant_id = (select nullif(pg_catalog.current_setting('voltyard.tenant', true), '')::uuid);

-- The node: journal, handshake look-up, dispatcher, refusals, rebuild.
grant select on tenants, tokens, idempotency_keys, audit_log to voltyard_node;
grant select, insert, update on stations to voltyard_node;                  -- insert: the demo's stations
grant insert on tenants, tokens to voltyard_node;                           -- the demo's tokens, tenants made by the platform
grant select, insert, update on
    station_states, connectors, sessions, unmatched_transactions, commands, variables, event_consumers to voltyard_node;
grant select, insert on session_facts, station_reports, quarantine, frames, meter_values, events to voltyard_node;
grant select, insert, delete on journal_batches to voltyard_node;
grant select, insert, update, delete on refusals to voltyard_node;
grant delete on idempotency_keys to voltyard_node;                          -- those past their day
grant usage on sequence event_numbers to voltyard_node;

-- The web layer: reads what the node writes, changes what operators change.
grant select on
    tenants, station_states, connectors, sessions, session_facts, unmatched_transactions, commands, station_reports,
    variables, web_frames, web_meter_values, web_events to voltyard_web;
grant select, insert, update on stations to voltyard_web;                   -- deleting is an update: history stays
grant select, insert, update, delete on tokens, idempotency_keys to voltyard_web;
grant select, delete on refusals to voltyard_web;
grant update (admitted_as) on refusals to voltyard_web;
grant select on quarantine to voltyard_web;
grant update (resolved_at) on quarantine to voltyard_web;
grant select, insert on audit_log to voltyard_web;
