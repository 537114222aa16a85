-- $1 station.
select s.id as station_id, s.identity as station, s.site, s.tenant_id, st.version as ocpp_version, r.rule, r.source, r.tokens, r.groups,
       coalesce(l.status, 'waiting') as status, l.version, l.station_version, coalesce(l.entries, 0) as entries,
       coalesce(l.sent, 0) as sent, coalesce(l.total, 0) as total, coalesce(l.skipped, 0) as skipped, l.error, l.started_at,
       l.synced_at, l.updated_at
  from stations s
  left join station_states st on st.station_id = s.id
  left join local_lists l on l.station_id = s.id
  left join lateral (select r.id, r.rule, r.tokens, r.groups,
               case when r.station_id is not null then 'station' when r.site is not null then 'site' else 'tenant' end as source
          from local_list_rules r
         where r.station_id = s.id or r.station_id is null and (r.site is null or r.site = s.site)
         order by r.station_id is not null desc, r.site is not null desc
         limit 1) r on true
 where s.id = $1 and s.deleted_at is null
