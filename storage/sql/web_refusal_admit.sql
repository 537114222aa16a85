update refusals set admitted_as = $2 where id = $1
