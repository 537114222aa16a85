-- Upkeep of partitions, and what must look past the fences: functions of the owner with a fixed search path.

-- Rows whose day has no partition yet lie here until partitions_ensure makes it: midnight, a clock that jumps or an
-- upkeep that failed for a week lose nothing.
create table frames_default partition of frames default;
create table meter_values_default partition of meter_values default;
create table events_default partition of events default;

-- The partitioned tables and their partitions of days, as the catalogue knows them.
create function partitions_of(p_table text)
returns table (name name, lower_bound timestamptz, upper_bound timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select c.relname,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\)'))[1]::timestamptz,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ('public.' || quote_ident(p_table))::regclass
      and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
    order by 2
$$;

-- Makes the partitions of every day (UTC) that touches [p_from, p_until); returns how many are new.
-- Rows that waited in the default partition move into their day. Attaching takes no lock that stops writers of other
-- days; waiting for a lock ends after the lock_timeout below, and the next upkeep tries again.
create function partitions_ensure(p_from timestamptz, p_until timestamptz)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '3s'
as $$
declare
    parent text;
    day    timestamptz;
    part   text;
    made   integer := 0;
    waiting boolean;
begin
    if p_until - p_from > interval '400 days' then
        raise exception 'partitions for % days at once are not made', extract(day from p_until - p_from)
            using errcode = 'invalid_parameter_value', hint = 'ask for at most 400 days';
    end if;
    perform pg_advisory_xact_lock(hashtext('voltyard partitions'));
    foreach parent in array array['frames', 'meter_values', 'events'] loop
        for day in select d from generate_series(date_trunc('day', p_from), p_until, interval '1 day') d where d < p_until loop
            part := parent || '_' || to_char(day, 'YYYYMMDD');
            continue when to_regclass('public.' || quote_ident(part)) is not null;
            execute format('create table public.%I (like public.%I including defaults including constraints)', part, parent);
            execute format('select exists (select from public.%I where received_at >= %L and received_at < %L)',
                           parent || '_default', day, day + interval '1 day') into waiting;
            if waiting then
                -- New arrivals for this day must not slip in between the move and the attaching.
                execute format('lock table public.%I in access exclusive mode', parent || '_default');
                execute format('with moved as (delete from public.%I where received_at >= %L and received_at < %L returning *)'
                               ' insert into public.%I select * from moved',
                               parent || '_default', day, day + interval '1 day', part);
            end if;
            execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)',
                           parent, part, day, day + interval '1 day');
            made := made + 1;
        end loop;
    end loop;
    return made;
end
$$;

-- Drops the partitions of one table that end at or before p_older_than, and clears what is as old in its default
-- partition; returns the names dropped. Sessions whose readings go are sealed with their registers in the same
-- transaction. Events that a consumer seen within 30 days has not had yet stay.
create function partitions_drop(p_table text, p_older_than timestamptz)
returns setof text
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '3s'
as $$
declare
    part record;
    wanted boolean;
begin
    if p_table is null or p_table not in ('frames', 'meter_values', 'events') then
        raise exception 'no partitioned table named %', p_table
            using errcode = 'invalid_parameter_value', hint = 'one of frames, meter_values, events';
    end if;
    perform pg_advisory_xact_lock(hashtext('voltyard partitions'));
    for part in select p.name, p.upper_bound from public.partitions_of(p_table) p where p.upper_bound <= p_older_than loop
        if p_table = 'meter_values' then
            execute format(
                'update public.sessions s set sealed = true where not s.sealed and s.began_received_at < %L and exists ('
                'select from public.%I m where m.station_id = s.station_id and m.received_at >= s.began_received_at'
                ' and m.session_id = s.id)', part.upper_bound, part.name);
        elsif p_table = 'events' then
            execute format(
                'select exists (select from public.event_consumers c where c.moved_at > now() - interval ''30 days'' and'
                ' (c.xid, c.number) < (select e.xid, e.number from public.%I e order by e.xid desc, e.number desc limit 1))',
                part.name) into wanted;
            continue when wanted;
        end if;
        execute format('drop table public.%I', part.name);
        return next part.name;
    end loop;
    if p_table = 'meter_values' then
        update public.sessions s set sealed = true where not s.sealed and s.began_received_at < p_older_than and exists (
            select from public.meter_values_default m where m.received_at < p_older_than and m.session_id = s.id);
    end if;
    execute format('delete from public.%I where received_at < %L', p_table || '_default', p_older_than);
end
$$;

-- Text search in a station's frames, newest first. Text operators are not leakproof: behind the view's fence the planner
-- could not use the index for what comes with them, so the fence is in here. `p_before` pages: frames older than that.
create function frames_search(
    p_station uuid, p_text text, p_from timestamptz default null, p_until timestamptz default null,
    p_direction text default null, p_action text default null, p_outcome text default null,
    p_before_at timestamptz default null, p_before_id uuid default null, p_limit integer default 50)
returns setof web_frames
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select f.* from public.frames f
    where f.tenant_id = (select nullif(current_setting('voltyard.tenant', true), '')::uuid)
      and f.station_id = p_station
      and f.received_at >= coalesce(p_from, '-infinity') and f.received_at < coalesce(p_until, 'infinity')
      and (p_direction is null or f.direction = p_direction)
      and (p_action is null or f.action = p_action)
      and (p_outcome is null or f.outcome = p_outcome)
      and (p_before_at is null or (f.received_at, f.id) < (p_before_at, coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')))
      and position(lower(p_text) in lower(f.text)) > 0
    order by f.received_at desc, f.id desc
    limit least(greatest(p_limit, 0), 501)
$$;

revoke all on function partitions_of(text) from public;
revoke all on function partitions_ensure(timestamptz, timestamptz) from public;
revoke all on function partitions_drop(text, timestamptz) from public;
revoke all on function frames_search(uuid, text, timestamptz, timestamptz, text, text, text, timestamptz, uuid, integer) from public;
grant execute on function partitions_of(text) to voltyard_node;
grant execute on function partitions_ensure(timestamptz, timestamptz) to voltyard_node;
grant execute on function partitions_drop(text, timestamptz) to voltyard_node;
grant execute on function frames_search(uuid, text, timestamptz, timestamptz, text, text, text, timestamptz, uuid, integer) to voltyard_web;
