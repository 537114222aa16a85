insert into campaign_stations (tenant_id, campaign_id, station_id, wave, version_before, created_at, updated_at)
select $1, $2, r.station_id, r.wave, r.version, $3, $3
  from unnest($4::uuid[], $5::integer[], $6::text[]) as r (station_id, wave, version)
