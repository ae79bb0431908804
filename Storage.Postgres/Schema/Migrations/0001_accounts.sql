-- Accounts and their configuration. Written for PostgreSQL 15 and newer.
-- Rows that refer to each other carry the account in the foreign key, so that no row of one account can point into another.

create table accounts (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug <> ''),
    name text not null,
    config jsonb not null default '{}',
    version bigint not null default 1,
    -- The transaction that last raised the version: a transaction raises it once, however many rows it changes.
    version_xact xid8,
    disabled_at timestamptz,
    users_limit_exceeded boolean not null default false,
    service_accounts_limit_exceeded boolean not null default false,
    created_at timestamptz not null default clock_timestamp()
);

create table actors (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    type text not null check (type in ('account_user', 'account_admin_user', 'service_account', 'api_client')),
    name text not null,
    email text,
    disabled_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    unique (account_id, id)
);

create table groups (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    name text not null,
    managed_by text not null default 'account' check (managed_by in ('account', 'system', 'idp')),
    -- All users of the account belong to it without membership rows.
    is_everyone boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    unique (account_id, id)
);
create unique index groups_everyone_key on groups (account_id) where is_everyone;

create table memberships (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    group_id uuid not null,
    actor_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    unique (group_id, actor_id),
    foreign key (account_id, group_id) references groups (account_id, id) on delete cascade,
    foreign key (account_id, actor_id) references actors (account_id, id) on delete cascade
);
create index on memberships (account_id, group_id);
create index on memberships (account_id, actor_id);

create table sites (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    name text not null,
    managed_by text not null default 'account' check (managed_by in ('account', 'system')),
    created_at timestamptz not null default clock_timestamp(),
    unique (account_id, id),
    unique (account_id, name, managed_by)
);

create table resources (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    site_id uuid,
    type text not null check (type in ('dns', 'cidr', 'ip', 'internet')),
    name text not null,
    address text,
    address_description text,
    ip_stack text check (ip_stack in ('dual', 'ipv4_only', 'ipv6_only')),
    -- [{"protocol": "tcp", "ports": ["443", "100 - 200"]}]
    filters jsonb not null default '[]' check (jsonb_typeof(filters) = 'array'),
    created_at timestamptz not null default clock_timestamp(),
    unique (account_id, id),
    check ((address is null) = (type = 'internet')),
    check ((ip_stack is null) = (type <> 'dns')),
    foreign key (account_id, site_id) references sites (account_id, id) on delete cascade
);
create index on resources (account_id, site_id);
create unique index resources_internet_key on resources (account_id) where type = 'internet';

create table policies (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references accounts on delete cascade,
    group_id uuid not null,
    resource_id uuid not null,
    description text,
    -- [{"property": "remote_ip", "operator": "is_in_cidr", "values": ["10.0.0.0/8"]}]
    conditions jsonb not null default '[]' check (jsonb_typeof(conditions) = 'array'),
    disabled_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    unique (account_id, id),
    unique (group_id, resource_id),
    foreign key (account_id, group_id) references groups (account_id, id) on delete cascade,
    foreign key (account_id, resource_id) references resources (account_id, id) on delete cascade
);
create index on policies (account_id, group_id);
create index on policies (account_id, resource_id);

-- Random bytes that all processes of the cluster share.
create table cluster_secrets (
    name text primary key,
    value bytea not null,
    created_at timestamptz not null default clock_timestamp()
);
