-- Across tenants, so for the node's role: the web role sees its own tenant only. $1 slug.
select id, slug from tenants where slug = $1
