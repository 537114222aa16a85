delete from customer_reports where station_id = $1 and request_id = $2
