-- $2: the uid casefolded. With $3 also a token that its first 20 characters name: 1.6 stations cut idTags, so either
-- side may be the longer one. The whole uid goes first; an ambiguous beginning names nobody.
select uid, type, status, expires_at, group_uid, master, additional, language1, language2, message, more_messages,
       priority, places, connector_types, windows, time_zone, prepaid, concurrent, cache_seconds
from (
    select *, count(*) over () as alike
    from tokens
    where tenant_id = $1 and (uid_key = $2 or $3 and left(uid_key, 20) = left($2, 20) and length($2) >= 20)
) found
where uid_key = $2 or alike = 1
order by uid_key = $2 desc
limit 1
