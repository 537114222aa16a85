-- Searching frames of a station or of a whole tenant, and what is kept of a refused request.

alter table refusals add column request text;                 -- the request's bytes: redacted, escaped, cut

-- Indexes for each way of looking, newest first. `frames_unusual` holds what is worth looking for among what went well.
create index frames_by_tenant on frames (tenant_id, received_at desc);
create index frames_by_action on frames (tenant_id, action, received_at desc);
create index frames_by_message on frames (tenant_id, message_id, received_at desc);
create index frames_unusual on frames (tenant_id, outcome, received_at desc) where outcome not in ('accepted', 'sent');

-- Text by its trigrams, the tenant in the same index so that nobody else's rows are looked at. What is new lies
-- in a list at first, which autovacuum merges into the index: that halves what a row costs. Should the list grow to 16 MB
-- before, whoever writes then merges it, in some 0.2 s.
-- A server without these extensions, or with an owner who may not make them, does without: then text is looked for in a
-- limited number of rows (frames_find).
do $$
declare
    home constant text := 'voltyard_search';
    trigrams text;
    missing name;
begin
    create schema if not exists voltyard_search;
    foreach missing in array array['pg_trgm', 'btree_gin']::name[] loop
        if not exists (select from pg_catalog.pg_extension where extname = missing) then
            execute pg_catalog.format('create extension %I with schema %I', missing, home);
        end if;
    end loop;
    select pg_catalog.quote_ident(n.nspname) into trigrams
      from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'pg_trgm';
    execute pg_catalog.format(
        'create index frames_by_text on public.frames using gin (tenant_id, text %s.gin_trgm_ops)'
        ' with (fastupdate = on, gin_pending_list_limit = 16384)', trigrams);
exception
    when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
        raise warning 'text of frames is searched without an index: %', sqlerrm
            using hint = 'let an administrator run: create extension pg_trgm; create extension btree_gin;';
end
$$;

drop function frames_search(uuid, text, timestamptz, timestamptz, text, text, text, timestamptz, uuid, integer);

-- The frames of the tenant in voltyard.tenant that fit, at most p_limit, newest or oldest first, beyond p_at and p_id.
-- It looks past the view's fence, since text operators are not leakproof and behind it no index would serve them; the
-- tenant is the first condition of every statement here. Each statement has just the conditions that were given, so
-- that it is planned for them.
-- Text: what is common is found among the rows at the beginning; what is not, by its trigrams, day by day. Without
-- trigrams (no three letters or digits in a row, or no such index) 200,000 rows are looked at and no more: SQLSTATE
-- VY001 then says that the search must be narrowed.
create function frames_find(
    p_limit integer, p_oldest boolean default false, p_at timestamptz default null, p_id uuid default null,
    p_station uuid default null, p_from timestamptz default null, p_until timestamptz default null,
    p_action text default null, p_direction text default null, p_outcome text default null,
    p_message text default null, p_text text default null)
returns setof web_frames
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    tenant  constant uuid := nullif(current_setting('voltyard.tenant', true), '')::uuid;
    most    constant integer := least(greatest(p_limit, 0), 501);
    pattern constant text := '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    indexed constant boolean := coalesce(p_text ~ '[[:alnum:]]{3}', false)
        and to_regclass('public.frames_by_text') is not null;
    nearby  constant integer := case when indexed then 5000 else 200000 end;
    sorted  constant text := case when p_oldest then 'order by f.received_at, f.id'
                                  else 'order by f.received_at desc, f.id desc' end;
    beyond  constant text := case when p_oldest then ' and f.received_at >= $9 and (f.received_at, f.id) > ($9, $10)'
                                  else ' and f.received_at <= $9 and (f.received_at, f.id) < ($9, $10)' end;
    fitting text := 'f.tenant_id = $1';
    one     public.web_frames;
    edge_at timestamptz := p_at;
    edge_id uuid := coalesce(p_id, case when p_oldest then '00000000-0000-0000-0000-000000000000'
                                        else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end::uuid);
    looked  integer := 0;
    got     integer := 0;
    day     timestamptz;
begin
    if tenant is null or most = 0 then
        return;
    end if;
    -- What we sent is `sent`, and nothing else is: asked otherwise, every row would be looked at for nothing.
    if (p_outcome = 'sent' and p_direction = 'in') or (p_outcome = 'accepted' and p_direction = 'out') then
        return;
    end if;
    fitting := fitting
        || case when p_station is null then '' else ' and f.station_id = $2' end
        || case when p_from is null then '' else ' and f.received_at >= $3' end
        || case when p_until is null then '' else ' and f.received_at < $4' end
        || case when p_action is null then '' else ' and f.action = $5' end
        || case when p_direction is null then '' else ' and f.direction = $6' end
        || case when p_outcome is null then '' else ' and f.outcome = $7' end
        || case when p_outcome in ('accepted', 'sent') or p_outcome is null then ''
                else ' and f.outcome not in (''accepted'', ''sent'')' end  -- which makes frames_unusual serve
        || case when p_message is null then '' else ' and f.message_id = $8' end;

    if p_text is null then
        return query execute format('select f.* from public.frames f where %s%s %s limit $11',
                                    fitting, case when p_at is null then '' else beyond end, sorted)
            using tenant, p_station, p_from, p_until, p_action, p_direction, p_outcome, p_message, p_at, edge_id, most;
        return;
    end if;

    for one in execute format('select f.* from public.frames f where %s%s %s limit $11',
                              fitting, case when p_at is null then '' else beyond end, sorted)
        using tenant, p_station, p_from, p_until, p_action, p_direction, p_outcome, p_message, p_at, edge_id, nearby
    loop
        looked := looked + 1;
        edge_at := one.received_at;
        edge_id := one.id;
        if one.text ilike pattern then
            return next one;
            got := got + 1;
            if got = most then
                return;
            end if;
        end if;
    end loop;
    if looked < nearby then
        return;
    end if;
    if not indexed then
        raise exception 'the newest % frames do not hold the text often enough', nearby
            using errcode = 'VY001', hint = 'narrow the search: a station, a time, an action, a longer text';
    end if;

    for day in
        select d.lower_bound from (
            select p.lower_bound from public.partitions_of('frames') p
            union select date_trunc('day', w.received_at) from public.frames_default w) d
        where (p_from is null or d.lower_bound + interval '1 day' > p_from)
          and (p_until is null or d.lower_bound < p_until)
          and case when p_oldest then d.lower_bound + interval '1 day' > edge_at else d.lower_bound <= edge_at end
        order by case when p_oldest then d.lower_bound end, d.lower_bound desc
    loop
        -- All of a day that hold the text, then their order: else the planner may walk through time instead.
        for one in execute format(
            'with hit as materialized (select f.* from public.frames f where %s'
            ' and f.received_at >= $11 and f.received_at < $12 and f.text ilike $13)'
            ' select f.* from hit f where true%s %s limit $14', fitting, beyond, sorted)
            using tenant, p_station, p_from, p_until, p_action, p_direction, p_outcome, p_message, edge_at, edge_id,
                  day, day + interval '1 day', pattern, most - got
        loop
            return next one;
            got := got + 1;
        end loop;
        if got >= most then
            return;
        end if;
    end loop;
end
$$;
revoke all on function
    frames_find(integer, boolean, timestamptz, uuid, uuid, timestamptz, timestamptz, text, text, text, text, text)
    from public;
grant execute on function
    frames_find(integer, boolean, timestamptz, uuid, uuid, timestamptz, timestamptz, text, text, text, text, text)
    to voltyard_web;
