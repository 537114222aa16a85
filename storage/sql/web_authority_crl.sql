-- The newest list stays: $1 id, $2 DER, $3 its number, $4 nextUpdate.
update certificate_authorities set crl = $2, crl_number = $3, crl_until = $4 where id = $1 and crl_number < $3
