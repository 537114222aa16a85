-- $1 tenant, $2 station, $3 the uid casefolded, $4 whether a beginning of 20 characters is enough (token_find.sql).
-- Always one row: who is not known has null in place of a token.
with found as (
    select * from (
        select *, count(*) over () as alike from tokens
        where tenant_id = $1 and (uid_key = $3 or $4 and left(uid_key, 20) = left($3, 20) and length($3) >= 20)
    ) f
    where uid_key = $3 or alike = 1
    order by uid_key = $3 desc
    limit 1
), rules as (
    select r.unknown, r.concurrent, r.cache_seconds,
           case when r.station_id is not null then 2 when r.site is not null then 1 else 0 end as narrow
    from token_rules r
    where r.tenant_id = $1 and (r.station_id = $2 or r.station_id is null
          and (r.site is null or r.site = (select s.site from stations s where s.id = $2)))
)
select t.uid, t.type, t.status, t.expires_at, t.group_uid, t.master, t.additional, t.language1, t.language2, t.message,
       t.more_messages, t.priority, t.places, t.connector_types, t.windows, t.time_zone, t.prepaid,
       coalesce(t.concurrent, (select concurrent from rules where concurrent is not null order by narrow desc limit 1))
           as concurrent,
       coalesce(t.cache_seconds,
                (select cache_seconds from rules where cache_seconds is not null order by narrow desc limit 1))
           as cache_seconds,
       (select unknown from rules where unknown is not null order by narrow desc limit 1) as unknown,
       (select s.site from stations s where s.id = $2) as site,
       (select json_agg(u) from (
            select o.id as session_id, o.station_id, o.evse, o.transaction_id from sessions o
            where o.tenant_id = $1 and o.status = 'active' and lower(o.token) = $3
            order by o.started_at desc limit 64) u) as uses,
       (select json_agg(h) from (
            select h.number, h.evse, h.token, h.group_uid, h.starts_at, h.expires_at from reservations h
            where h.station_id = $2 and h.ended_at is null and h.status in ('accepted', 'cancelling')
            order by h.number limit 64) h) as held,
       case when t.connector_types <> '{}' then (
            select json_object_agg(v.component, v.value) from variables v
            where v.station_id = $2 and v.variable = '{"name":"ConnectorType"}' and v.attribute_type = 'Actual'
              and v.value is not null) end as connectors
from (select 1) one left join found t on true
