-- Through the owner's function, which has the fence in it (0015). $1 limit, $2 oldest first, $3 and $4 time and id to go
-- on from, $5 station, $6 and $7 from and to, then action, direction, outcome, message id and part of the text.
-- `reply`: what a frame that was refused was answered with, which was noted in the same moment.
select f.id, f.station_id, s.identity as station, f.received_at, f.direction, f.action, f.message_id, f.outcome, f.text,
       f.repairs, a.text as reply
  from frames_find($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) with ordinality f
       (tenant_id, station_id, received_at, id, direction, action, message_id, outcome, text, repairs, place)
  left join stations s on s.id = f.station_id
  left join lateral (
        select w.text from web_frames w
         where w.station_id = f.station_id and w.received_at = f.received_at
           and w.message_id is not distinct from f.message_id and w.direction = 'out' and w.outcome = 'sent'
         limit 1) a on f.direction = 'in' and f.outcome in ('refused', 'violated')
 order by f.place
