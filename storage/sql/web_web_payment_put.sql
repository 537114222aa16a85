-- On its way to the station: what it showed before counts until it has taken this.
insert into web_payments (tenant_id, id, station_id, evse, url_template, roaming_evse_id, payment_page, validity_s, length,
                          pending_sealed, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (station_id, evse) do update
   set pending_sealed = excluded.pending_sealed, updated_at = excluded.updated_at, revision = web_payments.revision + 1
