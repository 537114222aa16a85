-- $1 station.
select uid_key, uid, type, digest from local_list_entries where station_id = $1
