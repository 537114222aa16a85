-- As voltyard_node: whose address it is; the rest is read as that tenant.
select tenant_id from file_addresses where id = $1
