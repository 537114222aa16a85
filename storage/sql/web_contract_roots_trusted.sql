-- $1 at most so many.
select use, pem from contract_roots order by id limit $1
