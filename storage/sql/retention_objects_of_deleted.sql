-- $1 what stations held that were deleted before goes, $2 at most so many at once.
delete from station_objects where ctid in (
    select o.ctid from stations s join station_objects o on o.station_id = s.id where s.deleted_at < $1 limit $2
)
