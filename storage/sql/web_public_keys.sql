-- What a station says of its meters' keys: MeterPublicKey<n> in 1.6, FiscalMetering.PublicKey in 2.x. $1 station.
select v.component, v.variable, v.value
  from variables v
 where v.station_id = $1 and v.value is not null
   and (v.variable ilike 'meterpublickey%' or (strpos(v.component, '"FiscalMetering"') > 0 and strpos(v.variable, '"PublicKey"') > 0))
