-- The newest session of a station by business key, else by the station's transaction id.
select to_json(s)::text
from sessions s
where s.station_id = $1 and (s.business_key = $2 or s.transaction_id = $3)
order by (s.business_key = $2) is true desc, s.started_at desc, s.id desc
limit 1
