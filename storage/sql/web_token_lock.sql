-- $1 uid key.
select t.id, t.uid, t.type, t.status, t.holder, t.group_uid, t.master, t.expires_at,
       t.created_at, t.updated_at, t.revision, t.additional, t.language1, t.language2, t.message, t.more_messages, t.priority,
       t.places, t.connector_types, t.windows, t.time_zone, t.concurrent, t.cache_seconds, t.prepaid, t.reason
  from tokens t
 where t.uid_key = $1
   for update
