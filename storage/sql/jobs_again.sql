-- $6 what went wrong or what it waits for, $8 its failures in a row, $9 how often in a row its station could not be asked.
-- Nothing waits for a station that was deleted.
update jobs j
   set state = $3, run_at = $4, error = $6, updated_at = $7, lease = null, leased_until = null, attempts = $8, waits = $9,
       waits_for = case when exists (select from stations s where s.id = j.station_id and s.deleted_at is null) then $5 end
 where j.id = $1 and j.lease = $2 and j.status in ('waiting', 'expiring')
returning j.id
