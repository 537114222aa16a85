-- The TxProfiles of ours that a resumed transaction has to be given again: (evse, profile), lowest stack first.
-- None where the station keeps them itself (ChargingProfilePersistence of TxProfile). $1 station, $2 transaction id.
select (o.data ->> 'evse')::integer as evse, o.data -> 'profile' as profile
  from station_objects o
 where o.station_id = $1 and o.kind = 'charging_profile' and o.removed_at is null
   and o.data @> jsonb_build_object('purpose', 'TxProfile', 'transaction_id', $2::text, 'source', 'CSO')
   and not exists (
       select from variables v
        where v.station_id = $1 and v.attribute_type = 'Actual' and v.removed_at is null and lower(v.value) = 'true'
          and strpos(v.variable, '"ChargingProfilePersistence"') > 0 and strpos(v.variable, '"TxProfile"') > 0)
 order by (o.data ->> 'stack_level')::integer, o.key
