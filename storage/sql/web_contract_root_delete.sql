delete from contract_roots where id = $1 returning id
