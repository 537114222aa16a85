-- The station has taken it.
update web_payments
   set url_template = $3, roaming_evse_id = $4, payment_page = $5, validity_s = $6, length = $7, secret_sealed = $8,
       pending_sealed = null, updated_at = $9, revision = revision + 1
 where station_id = $1 and evse = $2
