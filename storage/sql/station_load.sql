-- Everything an actor starts from, for many stations in one statement: $1 tenant slugs (null, or a name no tenant has:
-- the default tenant), $2 identities casefolded. n counts from 1 in the order asked; unknown stations have no row.
with asked as (
    select q.n, q.identity_key, coalesce(t.id, '00000000-0000-7000-8000-000000000001'::uuid) as tenant_id
    from unnest($1::text[], $2::text[]) with ordinality as q (slug, identity_key, n)
    left join tenants t on t.slug = q.slug
)
select asked.n,
       t.slug as tenant_slug,
       s.tenant_id, s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash, s.pending_password_hash, s.older_pending_hashes, s.ocpp_version, s.strict, s.frame_log,
       s.settings, s.held_off,
       st.boot ->> 'vendor' as vendor, st.boot ->> 'model' as model, st.boot ->> 'firmware_version' as firmware,
       (select jsonb_agg(b.settings order by b.site is not null) from boot_policies b
         where b.tenant_id = s.tenant_id and (b.site is null or b.site = s.site)) as policies,
       (select jsonb_agg(m.data order by num_nonnulls(m.vendor, m.model, m.firmware), m.name) from model_profiles m
         where m.tenant_id = s.tenant_id
           and (m.vendor_like is null or lower(st.boot ->> 'vendor') like m.vendor_like)
           and (m.model_like is null or lower(st.boot ->> 'model') like m.model_like)
           and (m.firmware_like is null or lower(st.boot ->> 'firmware_version') like m.firmware_like)) as profiles,
       to_json(st) as state,
       (select json_agg(c order by c.evse, c.connector) from connectors c where c.station_id = s.id) as connectors,
       (select json_agg(o order by o.started_at) from sessions o
        where o.station_id = s.id and o.status = 'active') as open_sessions,
       (select json_agg(e order by e.ended_at) from
           (select * from sessions r
            where r.station_id = s.id and r.status <> 'active' and r.ended_at > now() - interval '48 hours'
            order by r.ended_at desc limit 5) e) as ended_sessions
from asked
join stations s on s.tenant_id = asked.tenant_id and s.identity_key = asked.identity_key and s.deleted_at is null
join tenants t on t.id = s.tenant_id
left join station_states st on st.station_id = s.id
