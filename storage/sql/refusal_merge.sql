-- Adds to the row of the same path, prefix and reason: counts grow, words are the newest.
insert into refusals (id, tenant_id, path, identity, address_prefix, reason, detail, headers, count, first_at, last_at,
                      request)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (path, address_prefix, reason) do update
   set count = refusals.count + excluded.count,
       first_at = least(refusals.first_at, excluded.first_at),
       last_at = greatest(refusals.last_at, excluded.last_at),
       tenant_id = coalesce(excluded.tenant_id, refusals.tenant_id),
       identity = coalesce(excluded.identity, refusals.identity),
       detail = excluded.detail,
       headers = excluded.headers,
       request = excluded.request
