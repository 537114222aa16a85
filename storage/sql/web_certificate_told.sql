-- What became of it, unless it was revoked meanwhile: $1 id, $2 status, $3 reason, $4 now.
update certificates
   set status = $2, reason = $3, updated_at = $4,
       sent_at = case when $2 = 'sent' then $4 else sent_at end,
       answered_at = case when $2 in ('accepted', 'rejected') then $4 else answered_at end
 where id = $1 and status in ('issued', 'sent')
returning id
