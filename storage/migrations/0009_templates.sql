-- What stations shall be like: how they are admitted, what is known of their models, and which values they shall have.

alter table variables add column removed_at timestamptz;      -- a full inventory no longer lists it

-- How stations are admitted, for a tenant's site or for all of them (site null), unless a station says otherwise. No
-- row: accepted, with the node's interval.
create table boot_policies (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    site        text,
    admission   text check (admission in ('accepted', 'pending', 'rejected')),  -- of stations made from now on
    settings    jsonb not null default '{}',                  -- heartbeat_interval, retry_interval, provisioning, inventory
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    revision    bigint not null default 1,
    unique nulls not distinct (tenant_id, site)
);
select fence('boot_policies');
grant select on boot_policies to voltyard_node;
grant select, insert, update, delete on boot_policies to voltyard_web;

-- What a tenant knows of models and their quirks, over what is shipped (actors/provisioning/shipped.py). Patterns take
-- `*` for anything, ignoring case; null: any. The generated columns are the same for `like`.
create table model_profiles (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    name        text not null,
    vendor      text,
    model       text,
    firmware    text,
    vendor_like text generated always as (
        replace(replace(replace(replace(lower(vendor), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')) stored,
    model_like text generated always as (
        replace(replace(replace(replace(lower(model), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')) stored,
    firmware_like text generated always as (
        replace(replace(replace(replace(lower(firmware), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')) stored,
    data        jsonb not null default '{}',
    note        text,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    revision    bigint not null default 1,
    unique (tenant_id, name)
);
select fence('model_profiles');
grant select on model_profiles to voltyard_node;
grant select, insert, update, delete on model_profiles to voltyard_web;

-- Values that stations shall have. Those that match a station are laid over each other, a higher priority on top.
create table templates (
    tenant_id   uuid not null references tenants,
    id          uuid primary key,
    name        text not null,
    vendor      text,
    model       text,
    firmware    text,
    site        text,
    priority    integer not null default 0,
    items       jsonb not null default '[]',
    correction  text not null default 'report' check (correction in ('report', 'correct')),
    reboot      text not null default 'never' check (reboot in ('never', 'on_idle', 'immediate')),
    enabled     boolean not null default true,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    revision    bigint not null default 1,
    unique (tenant_id, name)
);
select fence('templates');
grant select on templates to voltyard_node;
grant select, insert, update, delete on templates to voltyard_web;

-- How a station stands to its template, as last checked or applied. `refused`: values it does not take, by item.
create table template_states (
    tenant_id   uuid not null references tenants,
    station_id  uuid primary key references stations,
    checked_at  timestamptz,
    applied_at  timestamptz,
    drift       integer,                                      -- items that differed, when last checked
    refused     jsonb not null default '{}',
    written     jsonb not null default '{}'                   -- what was written where nothing can be read back
);
select fence('template_states');
grant select on template_states to voltyard_node;
grant select, insert, update on template_states to voltyard_web;
