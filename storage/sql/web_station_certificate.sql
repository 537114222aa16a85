-- Its newest certificate towards us: $1 station, $2 now, $3 only one answered from then on (null: any).
select status, reason, serial, issuer_hash, subject, not_before, not_after, answered_at, created_at
  from certificates
 where station_id = $1 and use = 'station' and ($3::timestamptz is null or coalesce(answered_at, updated_at) >= $3)
 order by (status = 'accepted' and not_after > $2) desc, created_at desc
 limit 1
