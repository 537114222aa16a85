delete from local_list_rules where id = $1
