-- Text search, newest first, through the owner's function: text operators are not leakproof, so behind the view's fence
-- the index would go unused. $1 limit, $2 and $3 time and id to go on from, $4 station, $5 and $6 from and to, filters.
select f.id, f.received_at, f.direction, f.action, f.message_id, f.outcome, f.text, f.repairs
  from frames_search(p_station => $4, p_text => $10, p_from => $5, p_until => $6, p_direction => $8, p_action => $7,
                     p_outcome => $9, p_before_at => $2, p_before_id => $3, p_limit => $1) f
