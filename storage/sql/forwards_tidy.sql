-- $1 actions that are kept, $2 most a station. How many rows went.
with had as (
    -- The place of the slowest forward; a disabled one takes up what is there when it is enabled again.
    select m.station_id,
           (select min(coalesce(f.position, '00000000-0000-0000-0000-000000000000'::uuid)::text)::uuid
              from forwards f where f.station_id = m.station_id and f.enabled) as position,
           count(*) as waiting
      from forward_messages m
     group by m.station_id
), surplus as (
    select id from (
        select m.id, m.action, row_number() over (partition by m.station_id order by m.id desc) as n
          from forward_messages m
          join had h on h.station_id = m.station_id and h.waiting > $2
    ) counted
     where n > $2 and action <> all($1)
        or n > 10 * $2  -- a side that never comes must not fill the disk
), gone as (
    delete from forward_messages m
     using had h
     where h.station_id = m.station_id and (h.position is null or m.id <= h.position or m.id in (select id from surplus))
    returning m.id
)
select count(*)::integer from gone
