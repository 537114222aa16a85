select r.id, r.station_id, s.identity as station, r.site, r.rule, r.tokens, r.groups,
       cardinality(r.tokens) as token_count, cardinality(r.groups) as group_count, r.created_at, r.updated_at, r.revision
  from local_list_rules r left join stations s on s.id = r.station_id
 where r.id = $1
