delete from web_payments where station_id = $1 and evse = $2 returning id
