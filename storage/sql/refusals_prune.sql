-- $1: how many are kept, the newest.
delete from refusals
 where id in (select id from refusals order by last_at desc, id desc offset $1)
