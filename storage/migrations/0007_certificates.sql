-- Certificates of stations: the authorities of our own that sign them, what was asked for, and what became of it.

-- One root and one issuing authority beneath it. A tenant has at most one that signs; older ones stay as long as what
-- they have signed is in use. The private keys are sealed (gateway/services/ca_keys.py): the database alone signs nothing.
create table certificate_authorities (
    tenant_id    uuid not null references tenants,
    id           uuid primary key,
    status       text not null default 'active' check (status in ('active', 'retired')),
    organization text not null,                               -- its O
    checked      boolean not null default false,              -- whether requests have to name that organisation
    root         text not null,                               -- PEM
    issuing      text not null,                               -- PEM, signed by the root
    crossing     text,                                        -- the root's key signed by the root before it (M05.FR.10)
    root_hash    text not null,                               -- SHA-256 of the root's name in DER, hex digits in lower case
    issuer_hash  text not null,                               -- the same of the issuing authority
    key_id       text not null,                               -- which file seals the keys
    root_key     bytea not null,
    issuing_key  bytea not null,
    crl          bytea,                                       -- DER, signed by the issuing authority
    crl_number   bigint not null default 0,
    crl_until    timestamptz,                                 -- nextUpdate
    created_at   timestamptz not null,
    not_after    timestamptz not null,
    retired_at   timestamptz
);
create unique index certificate_authorities_active on certificate_authorities (tenant_id) where status = 'active';
select fence('certificate_authorities');
grant select on certificate_authorities to voltyard_node;
grant select, insert, update on certificate_authorities to voltyard_web;

-- One row a request: refused, or signed and what the station did with it.
create table certificates (
    tenant_id    uuid not null references tenants,
    id           uuid primary key,
    station_id   uuid not null references stations,
    use          text not null,                               -- station, v2g, v2g20
    status       text not null default 'issued'
                 check (status in ('refused', 'issued', 'sent', 'accepted', 'rejected', 'revoked', 'expired', 'superseded')),
    code         text,                                        -- of a refusal, stable
    reason       text,                                        -- in words: refusal, rejection, revocation
    authority_id uuid references certificate_authorities,     -- null: an authority outside
    csr_hash     text,                                        -- SHA-256 of the request in DER, hex digits in lower case
    key_hash     text,                                        -- the same of the SubjectPublicKeyInfo
    request_id   integer,                                     -- the station's, OCPP 2.1
    subject      text,                                        -- RFC 4514
    issuer       text,
    issuer_hash  text,                                        -- of the issuer's name in DER, as in revoked_certificates
    serial       text,                                        -- hex digits in lower case, no leading zeros
    fingerprint  text,                                        -- SHA-256 of the certificate in DER
    not_before   timestamptz,
    not_after    timestamptz,
    renew_at     timestamptz,                                 -- from then on the station is asked for a new one
    chain        text,                                        -- PEM, the certificate first, no root
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    sent_at      timestamptz,
    answered_at  timestamptz,
    revoked_at   timestamptz,
    warned_at    timestamptz                                  -- when its coming end was told
);
create index certificates_by_station on certificates (station_id, id desc);
create index certificates_newest on certificates (tenant_id, id desc);
create index certificates_by_end on certificates (tenant_id, not_after) where status in ('issued', 'sent', 'accepted');
create index certificates_by_serial on certificates (tenant_id, issuer_hash, serial);
create index certificates_by_key on certificates (tenant_id, key_hash);
select fence('certificates');
grant select on certificates to voltyard_node;
grant select, insert, update on certificates to voltyard_web;

create index installed_certificates on station_objects (station_id, kind) where kind = 'installed_certificate';
