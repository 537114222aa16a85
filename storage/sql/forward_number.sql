insert into forward_transactions (tenant_id, forward_id, ours, theirs, made_at) values ($1, $2, $3, $4, $5)
on conflict (forward_id, ours) do update set theirs = excluded.theirs, made_at = excluded.made_at
