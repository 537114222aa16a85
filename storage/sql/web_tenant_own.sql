-- The fence shows one row: the tenant of this transaction.
select slug from tenants
