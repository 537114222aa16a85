-- The station has taken $3, so what it had before for that use is of no more use: $1 station, $2 use, $4 now.
update certificates set status = 'superseded', updated_at = $4
 where station_id = $1 and use = $2 and id <> $3 and status in ('issued', 'sent', 'accepted')
