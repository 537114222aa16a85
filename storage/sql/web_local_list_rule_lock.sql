select r.id, r.station_id, s.identity as station, r.site, r.rule, r.tokens, r.groups, r.created_at, r.updated_at, r.revision
  from local_list_rules r left join stations s on s.id = r.station_id
 where r.id = $1
   for update of r
