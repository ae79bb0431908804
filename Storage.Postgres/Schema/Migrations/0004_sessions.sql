-- Who is and was connected. For operators; no decision is made on it, hence no foreign keys to devices and tokens.
create table sessions (
    id uuid primary key,
    front_end_id uuid not null,
    kind text not null check (kind in ('client', 'gateway', 'relay')),
    account_id uuid references accounts on delete cascade,
    device_id uuid not null,
    token_id uuid not null,
    region text not null,
    remote_ip text not null,
    version text not null,
    opened_at timestamptz not null,
    ended_at timestamptz
);
create index on sessions (front_end_id) where ended_at is null;
create index on sessions (account_id, opened_at desc);
create index on sessions (device_id, opened_at desc);
create index on sessions (opened_at);

-- Leases of front-end processes, by this database's clock alone.
create table front_ends (
    id uuid primary key,
    name text not null,
    region text not null,
    sessions integer not null,
    started_at timestamptz not null default clock_timestamp(),
    renewed_at timestamptz not null default clock_timestamp()
);
create index on front_ends (renewed_at);
