delete from templates where id = $1
