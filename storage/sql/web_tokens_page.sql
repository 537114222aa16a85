-- $1 limit, $2 id to go on from, then filters.
select t.id, t.uid, t.type, t.status, t.holder, t.group_uid, t.master, t.expires_at,
       t.created_at, t.updated_at, t.revision, t.additional, t.language1, t.language2, t.message, t.more_messages, t.priority,
       t.places, t.connector_types, t.windows, t.time_zone, t.concurrent, t.cache_seconds, t.prepaid, t.reason
  from tokens t
 where ($2::uuid is null or t.id :before $2)
   and ($3::text is null or t.status = $3)
   and ($4::text is null or t.type = $4)
   and ($5::text is null or t.group_uid = $5)
   and ($6::text is null or strpos(t.uid_key, $6) > 0 or strpos(lower(t.holder), $6) > 0)
   and ($7::text is null or t.uid_key = $7)
   and ($8::text is null or t.holder = $8)
 order by t.id :direction
 limit $1
