-- $1 a station: what it shows, station first, then by EVSE.
select w.*, s.identity as station from web_payments w join stations s on s.id = w.station_id
 where w.station_id = $1 and s.deleted_at is null order by w.evse
