-- Whose code an address with this template is: $2 an identity, $3 a roaming id, $4 an EVSE (its own code, or else the station's).
select w.*, s.identity as station from web_payments w join stations s on s.id = w.station_id
 where s.deleted_at is null and w.url_template = $1 and (s.identity = $2::text or w.roaming_evse_id = $3::text)
   and ($3::text is not null or w.evse in (0, coalesce($4::integer, 0)))
 order by w.evse desc limit 1
