delete from token_rules where id = $1
