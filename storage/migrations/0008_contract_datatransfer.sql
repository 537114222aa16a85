-- Whom a tenant trusts for contract certificates, and what it answers to vendors' own messages.

-- Roots of contracts: MO and V2G roots end a chain, a SubCA only helps to build one and to check what responders sign.
create table contract_roots (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    use         text not null check (use in ('MORoot', 'V2GRoot', 'OEMRoot', 'SubCA')),
    name        text,                                         -- the operator's
    subject     text not null,
    fingerprint text not null,                                -- SHA-256 of the DER, hexadecimal
    not_before  timestamptz not null,
    not_after   timestamptz not null,
    pem         text not null,
    created_at  timestamptz not null,
    unique (tenant_id, fingerprint)
);
create index contract_roots_by_tenant on contract_roots (tenant_id, id desc);
select fence('contract_roots');
grant select on contract_roots to voltyard_node;
grant select, insert, delete on contract_roots to voltyard_web;

-- What becomes of a vendor's message, by vendor and message id; a rule without message id is for all others.
-- direction in: what a station sends, out: what an operator sends to one.
create table data_transfer_rules (
    tenant_id  uuid not null references tenants,
    id         uuid primary key,
    vendor_id  text not null,
    message_id text,
    direction  text not null check (direction in ('in', 'out')),
    answer     text not null check (answer in ('accept', 'reject', 'unknown_vendor', 'unknown_message', 'forward')),
    data       jsonb,                                         -- given with the answer (in), or sent (out)
    url        text,                                          -- forward: where to
    deadline_s real,                                          -- forward: how long to wait for the answer
    created_at timestamptz not null,
    updated_at timestamptz not null,
    revision   integer not null default 1,
    check ((answer = 'forward') = (url is not null)),
    unique nulls not distinct (tenant_id, direction, vendor_id, message_id)
);
create index data_transfer_rules_by_tenant on data_transfer_rules (tenant_id, id desc);
select fence('data_transfer_rules');
grant select on data_transfer_rules to voltyard_node;
grant select, insert, update, delete on data_transfer_rules to voltyard_web;

-- Data transfers are lines of station_reports, both directions: found by vendor.
create index station_reports_transfers on station_reports (tenant_id, (payload ->> 'vendorId'), id desc)
    where action = 'DataTransfer';

-- Contract ids are written with and without separators: found by the plain form.
create index tokens_by_contract on tokens (tenant_id, upper(translate(uid, '-* ', ''))) where type = 'eMAID';
