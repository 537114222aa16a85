delete from file_addresses where id = $1
