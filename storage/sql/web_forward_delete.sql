delete from forwards where id = $1
