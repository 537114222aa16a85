-- As voltyard_node. Which of $1 (files that lie there) their rows do not know as whole, at $2. No row: not ours to judge.
select id from file_addresses where id = any($1) and purpose = 'log' and status <> 'used' and expires_at < $2
union all
select id from firmware where id = any($1) and status <> 'ready'
