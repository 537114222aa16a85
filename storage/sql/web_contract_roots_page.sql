-- $1 limit, $2 id to go on from, $3 use.
select id, use, name, subject, fingerprint, not_before, not_after, pem, created_at
  from contract_roots
 where ($2::uuid is null or id :before $2)
   and ($3::text is null or use = $3)
 order by id :direction
 limit $1
