-- The station is being moved up to a security profile, or no more. $1 id, $2 {profile, until} or null.
update stations
   set settings = case when $2::jsonb is null then settings - 'moving_to'
                       else settings || jsonb_build_object('moving_to', $2::jsonb) end
 where id = $1 and deleted_at is null
