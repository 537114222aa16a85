update template_states set refused = '{}' where station_id = $1
