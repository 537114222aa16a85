-- Whether the station's messages are kept for somebody: set when one of its forwards is enabled.
update stations s
   set settings = case when exists (select from forwards f where f.station_id = s.id and f.enabled)
                       then s.settings || '{"forwarded": true}' else s.settings - 'forwarded' end,
       revision = revision + 1, updated_at = $2
 where s.id = $1
