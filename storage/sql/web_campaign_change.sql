update campaigns
   set status = $2, reason = $3, rules = $4, name = $5, updated_at = $6, revision = revision + 1,
       ended_at = case when $2 in ('ended', 'cancelled') then coalesce(ended_at, $6) end
 where id = $1
