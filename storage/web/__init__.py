"""What the web layer reads and writes, as role voltyard_web: one file a resource.

Every function takes the connection of a transaction that sees one tenant (`Pool.run_as_tenant`); row-level security
keeps tenants apart, so no query names one. Statements are storage/sql/web_*.sql.
"""
