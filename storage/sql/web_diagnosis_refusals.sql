-- Refusals that may be of this station: of its identity in any letter case, of a path that ends in it, of an identity that
-- differs in nothing but signs between, or that came from the address it was last seen at without saying who it was.
-- $1 identity in lower case, $2 the same with letters and digits alone, $3 address prefix of the last connection, $4 since.
select r.id, r.path, r.identity, r.address_prefix, r.reason, r.detail, r.headers, r.count, r.first_at, r.last_at,
       r.admitted_as, r.request
  from refusals r
 where r.last_at >= $4
   and (lower(r.identity) = $1
        or right(lower(r.path), length($1) + 1) = '/' || $1
        or ($2 <> '' and regexp_replace(lower(coalesce(r.identity, '')), '[^[:alnum:]]', '', 'g') = $2)
        or (r.identity is null and r.address_prefix = $3))
 order by r.last_at desc, r.id desc
 limit 20
