select r.id, r.path, r.identity, r.address_prefix, r.reason, r.detail, r.headers, r.count,
       r.first_at, r.last_at, r.admitted_as, r.request
  from refusals r
 where r.id = $1
   for update
