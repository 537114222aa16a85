-- Ids of one page of stations. $1 limit, $2 id to go on from, then the filters.
select s.id
  from stations s
  left join station_states st on st.station_id = s.id
 where s.deleted_at is null
   and ($2::uuid is null or s.id :before $2)
   and ($3::text is null or s.site = $3)
   and ($4::text is null or s.admission = $4)
   and ($5::boolean is null or coalesce(st.online, false) = $5)
   and ($6::text is null or st.version = $6)
   and ($7::smallint is null or s.security_profile = $7)
   and ($8::text is null or exists (
           select from connectors c where c.station_id = s.id and lower(c.status) = $8))
   and ($9::text is null or strpos(s.identity_key, $9) > 0 or strpos(lower(s.name), $9) > 0)
   and ($10::text is null or s.identity_key = $10)
   and ($11::text is null or s.name = $11)
 order by s.id :direction
 limit $1
