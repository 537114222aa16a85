-- $1 limit, $2 id to go on from, $3 station. The first hundred names of each.
select r.id, r.station_id, s.identity as station, r.site, r.rule, r.tokens[1:100] as tokens, r.groups[1:100] as groups,
       cardinality(r.tokens) as token_count, cardinality(r.groups) as group_count, r.created_at, r.updated_at, r.revision
  from local_list_rules r left join stations s on s.id = r.station_id
 where ($2::uuid is null or r.id :before $2) and ($3::uuid is null or r.station_id = $3)
 order by r.id :direction
 limit $1
