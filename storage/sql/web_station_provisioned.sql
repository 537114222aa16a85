-- $1 station, $2 when, as text.
update stations
   set settings = settings || jsonb_build_object('provisioned', $2::text), updated_at = now(), revision = revision + 1
 where id = $1 and deleted_at is null
