-- All attributes of a station's variables, what is gone included. $1 station.
select v.component, v.variable, v.attribute_type, v.value, v.detail, v.received_at, v.removed_at
  from variables v
 where v.station_id = $1
 order by v.component, v.variable, v.attribute_type
