select count(*) from contract_roots
