-- $1 station id to go on from: stations that have a rule, or a list of ours.
select s.id
  from stations s
  left join local_lists l on l.station_id = s.id
  left join lateral (select r.id, r.rule, r.tokens, r.groups,
               case when r.station_id is not null then 'station' when r.site is not null then 'site' else 'tenant' end as source
          from local_list_rules r
         where r.station_id = s.id or r.station_id is null and (r.site is null or r.site = s.site)
         order by r.station_id is not null desc, r.site is not null desc
         limit 1) r on true
 where s.deleted_at is null and (r.id is not null or l.entries > 0) and ($1::uuid is null or s.id > $1)
 order by s.id
 limit 500
