-- What contract certificates need of those that tell whether they are revoked, and an end for what is kept of certificates.

alter table security_policies
    add column unverified_status boolean not null default false,   -- an answer whose issuer is not known counts
    add column unnamed_status    boolean not null default true;    -- a certificate that names nobody to ask counts

create index certificates_by_change on certificates using brin (updated_at);
grant delete on certificates, revoked_certificates to voltyard_node;
