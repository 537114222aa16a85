-- $1 station: its version, its EVSEs, what type each has, and what it says of reservations without an EVSE.
select (select st.version from station_states st where st.station_id = $1) as version,
       (select json_agg(distinct c.evse) from connectors c where c.station_id = $1 and c.evse > 0) as evses,
       (select json_object_agg(v.component, v.value) from variables v
         where v.station_id = $1 and v.variable = '{"name":"ConnectorType"}' and v.attribute_type = 'Actual'
           and v.value is not null) as connectors,
       (select v.value from variables v
         where v.station_id = $1 and v.attribute_type = 'Actual'
           and (v.component = '' and lower(v.variable) = 'reserveconnectorzerosupported'
                or v.component = '{"name":"ReservationCtrlr"}' and v.variable = '{"name":"NonEvseSpecific"}')
         limit 1) as anywhere
