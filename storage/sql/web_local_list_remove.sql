delete from local_list_entries where station_id = $1 and uid_key = any($2::text[])
