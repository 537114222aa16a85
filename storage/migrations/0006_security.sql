-- Who may connect with which certificate, and since when a password has been on its way.

-- A tenant's rules for its stations' certificates; no row: the defaults.
create table security_policies (
    tenant_id     uuid primary key references tenants,
    organizations text[] not null default '{}',               -- operator names that O may be; empty: not checked
    updated_at    timestamptz not null
);
select fence('security_policies');
grant select on security_policies to voltyard_node;
grant select, insert, update on security_policies to voltyard_web;

-- Authorities whose certificates stations of one tenant may show; those in a listener's client-ca file count for all.
create table client_authorities (
    tenant_id   uuid not null references tenants,
    fingerprint text not null,                                -- SHA-256 of the certificate, hex digits in lower case
    name        text not null,                                -- its subject, RFC 4514
    certificate text not null,                                -- PEM
    not_after   timestamptz not null,
    added_at    timestamptz not null,
    primary key (tenant_id, fingerprint)
);
select fence('client_authorities');
grant select on client_authorities to voltyard_node;
grant select, insert, delete on client_authorities to voltyard_web;

-- Certificates that count no more. What is revoked stays so: rows are never changed.
create table revoked_certificates (
    tenant_id   uuid not null references tenants,
    issuer_hash text not null,                                -- SHA-256 of the issuer's name in DER, hex digits in lower case
    serial      text not null,                                -- hex digits in lower case, no leading zeros
    revoked_at  timestamptz not null default now(),
    reason      text,
    primary key (tenant_id, issuer_hash, serial)
);
create index revoked_certificates_by_time on revoked_certificates (revoked_at);
select fence('revoked_certificates');
grant select on revoked_certificates to voltyard_node;
grant select, insert on revoked_certificates to voltyard_web;

-- A password sent to a station and not yet accepted: since when.
alter table stations add column pending_password_at timestamptz;

create index station_reports_of_security on station_reports (tenant_id, id desc)
    where action = 'SecurityEventNotification';
