-- Whom a campaign is for: filters on what stations said at their last boot. Null filters ask nothing.
select s.id, s.identity, st.boot->>'firmware_version' as version
  from stations s
  left join station_states st on st.station_id = s.id
 where s.deleted_at is null
   and ($1::text[] is null or s.identity_key = any($1) or s.id::text = any($1))
   and ($2::text is null or lower(st.boot->>'vendor') = lower($2))
   and ($3::text is null or lower(st.boot->>'model') = lower($3))
   and ($4::text[] is null or st.boot->>'firmware_version' = any($4))
   and ($5::text is null or s.site = $5)
 order by s.identity
 limit $6
