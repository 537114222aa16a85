-- What the station's certificate may be for, and what it takes: $1 station.
select st.boot ->> 'serial_number' as serial_number, s.settings, s.strict, st.version,
       (select v.value from variables v
         where v.station_id = s.id and v.attribute_type = 'Actual'
           and (v.component, v.variable) in (('', 'CertificateSignedMaxChainSize'),
               ('{"name":"SecurityCtrlr"}', '{"name":"MaxCertificateChainSize"}'))
         order by v.received_at desc limit 1) as chain_size,
       (select array_agg(distinct v.value) from variables v
         where v.station_id = s.id and v.attribute_type = 'Actual' and v.variable = '{"name":"SeccId"}'
           and v.component like '%"ISO15118Ctrlr"%' and v.value <> '') as secc_ids
  from stations s
  left join station_states st on st.station_id = s.id
 where s.id = $1
