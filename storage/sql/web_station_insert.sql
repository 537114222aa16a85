-- No row when the identity is taken.
insert into stations (tenant_id, id, identity, identity_key, name, site, admission, security_profile, password_hash,
                      ocpp_version, strict, frame_log, settings, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
on conflict (tenant_id, identity_key) where deleted_at is null do nothing
returning id
