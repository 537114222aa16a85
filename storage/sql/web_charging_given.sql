-- The TxProfile that counts for a transaction, what its vehicle told of its control, and whether it was sent anew.
-- $1 station, $2 transaction id, $3 key of the job.
select (select o.data -> 'profile'
          from station_objects o
         where o.station_id = $1 and o.kind = 'charging_profile' and o.removed_at is null
           and o.data @> jsonb_build_object('purpose', 'TxProfile', 'transaction_id', $2::text)
         order by (o.data ->> 'stack_level')::integer desc
         limit 1) as profile,
       (select o.data -> 'needs' ->> 'controlMode'
          from station_objects o
         where o.station_id = $1 and o.kind = 'charging_needs' and o.removed_at is null
           and o.data @> jsonb_build_object('transaction_id', $2::text)
         limit 1) as control_mode,
       exists (select from jobs j
                where j.station_id = $1 and j.kind = 'charging-renegotiate' and j.key = $3) as renegotiated
