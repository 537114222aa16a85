-- $1 tenant, $2 station, $3 from when, $4 spacing. How many there are: those that wait for a connection, and for an
-- accepted boot. Who waits for acceptance asks at each connection too: what counts before a first boot may have changed.
with waiting as (
    select id, row_number() over (order by priority desc, id) as n
      from jobs
     where tenant_id = $1 and station_id = $2 and status = 'waiting' and waits_for in ('online', 'accepted')
), woken as (
    update jobs j set waits_for = null, run_at = $3::timestamptz + (w.n - 1) * $4::interval, updated_at = $3
      from waiting w
     where j.id = w.id
    returning j.id
)
select count(*)::integer from woken
