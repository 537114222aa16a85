-- $1 uid key.
select t.id, t.uid, t.type, t.status, t.holder, t.group_uid, t.master, t.expires_at, t.created_at, t.updated_at, t.revision
  from tokens t
 where t.uid_key = $1
   for update
