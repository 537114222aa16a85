select seq_no, text, received_at from customer_reports where station_id = $1 and request_id = $2 order by seq_no, id
