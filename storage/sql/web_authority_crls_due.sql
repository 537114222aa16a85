-- Lists that end before $1, of authorities that have not ended at $2.
select id from certificate_authorities where not_after > $2 and (crl_until is null or crl_until < $1)
