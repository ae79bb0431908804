-- Tokens, devices and their tunnel addresses.

create table client_tokens (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    actor_id uuid not null,
    auth_provider_id uuid,
    secret_salt bytea not null,
    secret_hash bytea not null,
    expires_at timestamptz not null,
    last_seen_at timestamptz,
    last_seen_user_agent text,
    last_seen_remote_ip text,
    last_seen_region text,
    last_seen_city text,
    last_seen_lat double precision,
    last_seen_lon double precision,
    created_at timestamptz not null default clock_timestamp(),
    foreign key (account_id, actor_id) references actors (account_id, id) on delete cascade
);
create index on client_tokens (account_id, actor_id);
create index on client_tokens (expires_at);

create table gateway_tokens (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    site_id uuid not null,
    secret_salt bytea not null,
    secret_hash bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    foreign key (account_id, site_id) references sites (account_id, id) on delete cascade
);
create index on gateway_tokens (account_id, site_id);

create table relay_tokens (
    id uuid primary key,
    secret_salt bytea not null,
    secret_hash bytea not null,
    created_at timestamptz not null default clock_timestamp()
);

-- fillfactor: the last-seen columns change at every connect; room in the page keeps those updates out of the indexes.
create table clients (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    actor_id uuid not null,
    external_id text not null,
    public_key text not null check (public_key <> ''),
    psk_base bytea not null,
    name text not null,
    device_serial text,
    device_uuid text,
    identifier_for_vendor text,
    firebase_installation_id text,
    verified_at timestamptz,
    last_seen_at timestamptz not null,
    last_seen_version text,
    last_seen_user_agent text,
    last_seen_remote_ip text,
    last_seen_region text,
    last_seen_city text,
    last_seen_lat double precision,
    last_seen_lon double precision,
    created_at timestamptz not null default clock_timestamp(),
    constraint clients_external_id_key unique (account_id, actor_id, external_id),
    constraint clients_actor_fkey foreign key (account_id, actor_id) references actors (account_id, id) on delete cascade
) with (fillfactor = 80);
-- Partial on purpose: the columns of a plain unique index count as a key that foreign keys may refer to, so that an update of the public
-- key would take the lock that excludes inserting an authorization of the client. A query must repeat the condition to use the index.
create unique index clients_public_key_key on clients (account_id, actor_id, public_key) where public_key <> '';

create table gateways (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    site_id uuid not null,
    external_id text not null,
    public_key text not null check (public_key <> ''),
    psk_base bytea not null,
    name text not null,
    last_seen_at timestamptz not null,
    last_seen_version text,
    last_seen_user_agent text,
    last_seen_remote_ip text,
    last_seen_region text,
    last_seen_city text,
    last_seen_lat double precision,
    last_seen_lon double precision,
    created_at timestamptz not null default clock_timestamp(),
    constraint gateways_external_id_key unique (account_id, site_id, external_id),
    constraint gateways_site_fkey foreign key (account_id, site_id) references sites (account_id, id) on delete cascade
) with (fillfactor = 80);
create unique index gateways_public_key_key on gateways (account_id, public_key) where public_key <> ''; -- partial as for clients

-- One pool of addresses per account for both kinds of devices. An address lives as long as its device.
create table tunnel_addresses (
    account_id uuid not null references accounts on delete cascade,
    ipv4 inet not null check (ipv4 > '100.64.0.0' and ipv4 < '100.95.255.255' and masklen(ipv4) = 32),
    ipv6 inet not null check (ipv6 > 'fd00:2021:1111::' and ipv6 < 'fd00:2021:1111::1f:ffff' and masklen(ipv6) = 128),
    client_id uuid unique references clients on delete cascade,
    gateway_id uuid unique references gateways on delete cascade,
    primary key (account_id, ipv4),
    unique (account_id, ipv6),
    check (num_nonnulls(client_id, gateway_id) = 1)
);

-- The row that serialises allocation within an account. free_from: every offset below it is in use; only of interest once the highest
-- address is taken and the search starts over from the bottom.
create table tunnel_pools (
    account_id uuid primary key references accounts on delete cascade,
    ipv4_free_from bigint not null default 1,
    ipv6_free_from bigint not null default 1
);

create function lock_tunnel_pool(account uuid) returns void language plpgsql as $$
begin
    insert into tunnel_pools (account_id) values (account) on conflict do nothing;
    perform from tunnel_pools where account_id = account for no key update;
end $$;

-- The offsets (from 100.64.0.0 and fd00:2021:1111::) that the account's next device gets: the highest in use plus one, and after the
-- last usable one the lowest that is free. The caller inserts the row in the same transaction. Usable offsets are 1..usable.
create function next_tunnel_offsets(account uuid, usable bigint, out ipv4_offset bigint, out ipv6_offset bigint) language plpgsql as $$
declare
    pool tunnel_pools;
    base4 constant inet := '100.64.0.0';
    base6 constant inet := 'fd00:2021:1111::';
    start bigint;
begin
    perform lock_tunnel_pool(account);
    -- A statement of its own: its snapshot is taken after the lock was granted, so it sees what the previous holder committed.
    select * into strict pool from tunnel_pools where account_id = account;

    select t.ipv4 - base4 into ipv4_offset from tunnel_addresses t where t.account_id = account order by t.ipv4 desc limit 1;
    ipv4_offset := coalesce(ipv4_offset, 0) + 1;
    if ipv4_offset > usable then
        foreach start in array array[pool.ipv4_free_from, 1] loop
            ipv4_offset := start;
            if exists (select from tunnel_addresses t where t.account_id = account and t.ipv4 = base4 + start) then
                select t.ipv4 - base4 + 1 into ipv4_offset
                from tunnel_addresses t
                where t.account_id = account and t.ipv4 >= base4 + start
                    and not exists (select from tunnel_addresses n where n.account_id = account and n.ipv4 = t.ipv4 + 1)
                order by t.ipv4
                limit 1;
            end if;
            exit when ipv4_offset <= usable;
        end loop;
        if ipv4_offset > usable then
            raise exception 'no free IPv4 tunnel address in account %', account using errcode = 'FZ001';
        end if;
        update tunnel_pools set ipv4_free_from = ipv4_offset + 1 where account_id = account;
    end if;

    select t.ipv6 - base6 into ipv6_offset from tunnel_addresses t where t.account_id = account order by t.ipv6 desc limit 1;
    ipv6_offset := coalesce(ipv6_offset, 0) + 1;
    if ipv6_offset > usable then
        foreach start in array array[pool.ipv6_free_from, 1] loop
            ipv6_offset := start;
            if exists (select from tunnel_addresses t where t.account_id = account and t.ipv6 = base6 + start) then
                select t.ipv6 - base6 + 1 into ipv6_offset
                from tunnel_addresses t
                where t.account_id = account and t.ipv6 >= base6 + start
                    and not exists (select from tunnel_addresses n where n.account_id = account and n.ipv6 = t.ipv6 + 1)
                order by t.ipv6
                limit 1;
            end if;
            exit when ipv6_offset <= usable;
        end loop;
        if ipv6_offset > usable then
            raise exception 'no free IPv6 tunnel address in account %', account using errcode = 'FZ001';
        end if;
        update tunnel_pools set ipv6_free_from = ipv6_offset + 1 where account_id = account;
    end if;
end $$;

create function allocate_tunnel_address(account uuid, out ipv4 inet, out ipv6 inet) language sql as $$
    select '100.64.0.0'::inet + n.ipv4_offset, 'fd00:2021:1111::'::inet + n.ipv6_offset
    from next_tunnel_offsets(account, 2097150) n;
$$;

create function lower_free_tunnel_offsets() returns trigger language plpgsql as $$
begin
    update tunnel_pools p
    set ipv4_free_from = least(p.ipv4_free_from, g.ipv4_offset), ipv6_free_from = least(p.ipv6_free_from, g.ipv6_offset)
    from (
        select account_id, min(ipv4 - '100.64.0.0'::inet) as ipv4_offset, min(ipv6 - 'fd00:2021:1111::'::inet) as ipv6_offset
        from gone
        group by account_id) g
    where p.account_id = g.account_id and (p.ipv4_free_from > g.ipv4_offset or p.ipv6_free_from > g.ipv6_offset);
    return null;
end $$;
create trigger tunnel_addresses_freed after delete on tunnel_addresses
    referencing old table as gone for each statement execute function lower_free_tunnel_offsets();
