-- $1 rule, $2 uid keys, $3 groups, $4 uid key to go on from, $5 now, $6 limit.
select t.uid_key, t.uid, t.type, t.status, t.expires_at, t.group_uid, t.master, t.additional, t.language1, t.language2, t.message,
       t.more_messages, t.priority, t.places, t.connector_types, t.windows, t.time_zone, t.concurrent, t.cache_seconds, t.prepaid
  from tokens t
 where t.uid_key > $4
   and case $1::text
           when 'accepted' then t.status = 'accepted' and (t.expires_at is null or t.expires_at > $5)
           when 'groups' then t.status = 'accepted' and (t.expires_at is null or t.expires_at > $5) and t.group_uid = any($3::text[])
           when 'tokens' then t.uid_key = any($2::text[])
           when 'all' then true
           else false end
 order by t.uid_key
 limit $6
