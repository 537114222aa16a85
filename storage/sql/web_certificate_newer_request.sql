-- Whether the station ($1) has asked again for that use ($2) after the job $3, begun at $4.
select exists (
    select from jobs j
     where j.station_id = $1 and j.kind = 'sign-certificate' and j.state ->> 'use' = $2
       and (j.created_at, j.id) > ($4, $3))
