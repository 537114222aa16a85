-- No row when this station is told there under this name already.
insert into forwards (tenant_id, id, station_id, url, identity, username, password_sealed, mode, allowed, enabled,
                      created_at, updated_at, position)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11,
        -- It is told what comes from now on, not what waits for others.
        (select m.id from forward_messages m where m.station_id = $3 order by m.id desc limit 1))
on conflict (station_id, url, identity) do nothing
returning id
