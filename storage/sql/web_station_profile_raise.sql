-- A station has come back on a higher security profile: from now on it must (A05.FR.07). $1 id, $2 profile, $3 now.
update stations
   set security_profile = greatest(security_profile, $2), highest_profile = greatest(highest_profile, $2),
       settings = settings - 'moving_to', updated_at = $3, revision = revision + 1
 where id = $1 and deleted_at is null and (security_profile < $2 or settings ? 'moving_to')
