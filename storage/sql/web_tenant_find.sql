select id, slug from tenants where slug = $1
