-- The key of the contract id that has one of these plain forms ($2); what is written exactly so ($3) goes first.
select uid_key
from tokens
where tenant_id = $1 and type = 'eMAID' and upper(translate(uid, '-* ', '')) = any($2::text[])
order by uid_key = $3 desc, id
limit 1
