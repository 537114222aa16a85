-- $1 limit, $2 id to go on from, then filters.
select c.tenant_id, c.id, c.name, c.firmware_id, c.status, c.reason, c.rules, c.chosen, c.requested_by, c.created_at, c.updated_at,
       c.ended_at, c.revision, f.version
  from campaigns c
  join firmware f on f.id = c.firmware_id
 where ($2::uuid is null or c.id :before $2)
   and ($3::text is null or c.status = $3)
   and ($4::uuid is null or c.firmware_id = $4)
   and ($5::uuid is null or exists (select from campaign_stations s where s.campaign_id = c.id and s.station_id = $5))
 order by c.id :direction
 limit $1
