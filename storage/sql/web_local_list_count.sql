select count(*)::integer from local_list_entries where station_id = $1
