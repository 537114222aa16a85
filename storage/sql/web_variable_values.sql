-- Values of a controller's variables. $1 station, $2 component, $3 a variable or null for all.
select v.variable::json ->> 'name' as name, v.value, v.detail
  from variables v
 where v.station_id = $1 and v.component <> '' and v.attribute_type = 'Actual'
   and lower(v.component::json ->> 'name') = lower($2)
   and v.component::json -> 'evse' is null
   and ($3::text is null or lower(v.variable::json ->> 'name') = lower($3))
