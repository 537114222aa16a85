-- $1 limit, $2 and $3 time and id to go on from, $4 and $5 from and to, then filters.
select r.id, r.path, r.identity, r.address_prefix, r.reason, r.detail, r.headers, r.count,
       r.first_at, r.last_at, r.admitted_as, r.request
  from refusals r
 where ($2::timestamptz is null or (r.last_at, r.id) :before ($2, $3::uuid))
   and ($4::timestamptz is null or r.last_at >= $4)
   and ($5::timestamptz is null or r.last_at < $5)
   and ($6::text is null or r.reason = $6)
   and ($7::text is null or lower(r.identity) = $7)
 order by r.last_at :direction, r.id :direction
 limit $1
