delete from boot_policies where id = $1
