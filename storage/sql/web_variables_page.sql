-- $1 limit, $2 to $4 the row to go on from, $5 station, then filters. Always by name. The parts of names that a filter
-- is looked for in are those of the JSON texts; a 1.6 key is its own name and has no component.
select v.component, v.variable, v.attribute_type, v.value, v.detail, v.received_at, v.removed_at
  from variables v
 where v.station_id = $5
   and ($2::text is null or (v.component, v.variable, v.attribute_type) > ($2, $3::text, $4::text))
   and ($6::text is null or strpos(lower(v.component), $6) > 0)
   and ($7::text is null or strpos(lower(v.variable), $7) > 0)
   and ($8::text is null or v.attribute_type = $8)
   and ($9::text is null or v.detail ->> 'mutability' = $9
        or (v.detail ->> 'readonly')::boolean = ($9 = 'ReadOnly'))
   and ($10::integer is null or v.component <> '' and (v.component::jsonb #>> '{evse,id}')::integer = $10)
   and ($11 or v.removed_at is null)
 order by v.component, v.variable, v.attribute_type
 limit $1
