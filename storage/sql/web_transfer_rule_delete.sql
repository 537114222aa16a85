delete from data_transfer_rules where id = $1 returning id
