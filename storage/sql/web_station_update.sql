-- The whole configuration, as merged by the caller under the row's lock. $1 id.
update stations
   set name = $2, site = $3, admission = $4, security_profile = $5, highest_profile = $6, password_hash = $7,
       pending_password_hash = $8, ocpp_version = $9, strict = $10, frame_log = $11, settings = $12,
       held_off = $13, updated_at = $14, revision = revision + 1
 where id = $1 and deleted_at is null
