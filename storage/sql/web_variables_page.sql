-- $1 limit, $2 to $4 the row to go on from, $5 station, then filters. Always by name.
select v.component, v.variable, v.attribute_type, v.value, v.detail, v.received_at
  from variables v
 where v.station_id = $5
   and ($2::text is null or (v.component, v.variable, v.attribute_type) > ($2, $3::text, $4::text))
   and ($6::text is null or strpos(lower(v.component), $6) > 0)
   and ($7::text is null or strpos(lower(v.variable), $7) > 0)
 order by v.component, v.variable, v.attribute_type
 limit $1
