-- A station as templates see it. $1 station.
select coalesce(st.version, s.ocpp_version) as version, s.site, st.boot ->> 'vendor' as vendor,
       st.boot ->> 'model' as model, st.boot ->> 'firmware_version' as firmware,
       x.checked_at, x.applied_at, x.drift, x.refused, x.written
  from stations s
  left join station_states st on st.station_id = s.id
  left join template_states x on x.station_id = s.id
 where s.id = $1 and s.deleted_at is null
