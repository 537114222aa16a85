-- Stations that are there and have to be checked. $1: those not checked since then, $2 limit.
with newest as (select max(t.updated_at) as at from templates t)
select s.id
  from stations s
  join station_states st on st.station_id = s.id
  left join template_states x on x.station_id = s.id
 where s.deleted_at is null and st.online
   and (x.checked_at is null or x.checked_at < $1
        or x.checked_at < (select at from newest)
        or x.checked_at < (st.boot ->> 'at')::timestamptz)
   and not exists (select from jobs j where j.station_id = s.id and j.kind in ('check-template', 'apply-template', 'provision')
                   and j.status = 'waiting')
 order by x.checked_at nulls first, s.id
 limit $2
