-- What has changed, as rows: a process that holds an account at some version reads the rows after it instead of the whole account.
-- A transaction that changes something recorded raises the account's version by one, once, and notifies once; its rows carry that version.
-- The account's row stays locked until the commit, so the order of versions is the order of commits and no version is without rows.

-- Rises with each change that takes back what was granted on the row before.
alter table policies add column revision bigint not null default 1;
alter table resources add column revision bigint not null default 1;

create function raise_revision() returns trigger language plpgsql as $$
begin
    new.revision := old.revision + 1;
    return new;
end $$;
create trigger policies_revised before update on policies for each row
    when (new.group_id <> old.group_id or new.resource_id <> old.resource_id or new.conditions <> old.conditions
        or (new.disabled_at is null) <> (old.disabled_at is null))
    execute function raise_revision();
create trigger resources_revised before update on resources for each row
    when (new.address is distinct from old.address or new.type <> old.type or new.ip_stack is distinct from old.ip_stack
        or new.site_id is distinct from old.site_id)
    execute function raise_revision();

-- No foreign key: the deletion of an account leaves its row here.
create table account_changes (
    id bigint generated always as identity primary key,
    account_id uuid not null,
    version bigint not null,
    xact xid8 not null default pg_current_xact_id(),
    table_name text not null,
    operation "char" not null check (operation in ('I', 'U', 'D')),
    row_id uuid not null,
    -- What readers need of the row. Never a secret, hash, salt or key: see the triggers.
    before jsonb,
    after jsonb,
    -- The transaction's, so that a transaction's rows grow old together.
    changed_at timestamptz not null default now()
);
create index on account_changes (account_id, version);
create index on account_changes (xact);

do $$
declare
    t text;
begin
    foreach t in array array['sites', 'resources', 'groups', 'memberships', 'policies'] loop
        execute format('drop trigger %I on %I', t || '_inserted', t);
        execute format('drop trigger %I on %I', t || '_updated', t);
        execute format('drop trigger %I on %I', t || '_deleted', t);
    end loop;
end $$;
drop function raise_account_versions();

-- Accounts that this transaction has raised already stay as they are; accounts that are being deleted are no longer found.
create function raise_account_versions(concerned uuid[]) returns void language plpgsql as $$
declare
    raised record;
begin
    for raised in
        with locked as (
            -- In the order of their ids, so that two transactions over several accounts do not deadlock here.
            select a.id from accounts a
            where a.id = any(concerned) and a.version_xact is distinct from pg_current_xact_id()
            order by a.id
            for no key update)
        update accounts a
        set version = a.version + 1, version_xact = pg_current_xact_id()
        from locked
        where a.id = locked.id
        returning a.id, a.version
    loop
        perform pg_notify('firezone_accounts', raised.id || ':' || raised.version);
    end loop;
end $$;

-- One function and three triggers per table. Only the columns listed here are recorded; an update of others is no change.
-- Old and new rows are joined in full: a nested loop cannot do that, and a plan that was made for one row is kept for a hundred thousand.
-- It also sees a row that was given another id or account as one that went and one that came.
do $do$
declare
    t record;
begin
    for t in
        select v.name, 'record_' || v.name as function, c.*
        from (values
            ('sites', array['name']),
            ('resources', array['type', 'name', 'address', 'address_description', 'ip_stack', 'filters', 'site_id', 'revision']),
            ('groups', array['name', 'is_everyone']),
            ('memberships', array['group_id', 'actor_id']),
            ('policies', array['group_id', 'resource_id', 'description', 'conditions', 'disabled_at', 'revision'])) as v (name, recorded)
        cross join lateral (
            select string_agg(format('o.%I', c), ', ') as old_values, string_agg(format('n.%I', c), ', ') as new_values,
                string_agg(format('%L, o.%I', c, c), ', ') as old_pairs, string_agg(format('%L, n.%I', c, c), ', ') as new_pairs
            from unnest(v.recorded) as u (c)) c
    loop
        execute format($f$
            create function %1$I() returns trigger language plpgsql as $body$
            declare
                concerned uuid[];
            begin
                if tg_op = 'INSERT' then
                    perform raise_account_versions(array(select distinct account_id from new_rows));
                    insert into account_changes (account_id, version, table_name, operation, row_id, after)
                    select a.id, a.version, %2$L, 'I', n.id, jsonb_build_object(%6$s)
                    from new_rows n join accounts a on a.id = n.account_id;
                elsif tg_op = 'UPDATE' then
                    concerned := array(
                        select distinct account_id
                        from old_rows o full join new_rows n using (id, account_id)
                        where row(%3$s) is distinct from row(%4$s));
                    if concerned = '{}' then
                        return null;
                    end if;
                    perform raise_account_versions(concerned);
                    insert into account_changes (account_id, version, table_name, operation, row_id, before, after)
                    select a.id, a.version, %2$L, case when n.id is null then 'D' when o.id is null then 'I' else 'U' end, coalesce(n.id, o.id),
                        case when o.id is not null then jsonb_build_object(%5$s) end,
                        case when n.id is not null then jsonb_build_object(%6$s) end
                    from old_rows o full join new_rows n using (id, account_id) join accounts a on a.id = account_id
                    where row(%3$s) is distinct from row(%4$s);
                else
                    perform raise_account_versions(array(select distinct account_id from old_rows));
                    insert into account_changes (account_id, version, table_name, operation, row_id, before)
                    select a.id, a.version, %2$L, 'D', o.id, jsonb_build_object(%5$s)
                    from old_rows o join accounts a on a.id = o.account_id;
                end if;
                return null;
            end $body$
            $f$, t.function, t.name, t.old_values, t.new_values, t.old_pairs, t.new_pairs);
        execute format('create trigger %I after insert on %I referencing new table as new_rows
            for each statement execute function %I()', t.name || '_inserted', t.name, t.function);
        execute format('create trigger %I after update on %I referencing old table as old_rows new table as new_rows
            for each statement execute function %I()', t.name || '_updated', t.name, t.function);
        execute format('create trigger %I after delete on %I referencing old table as old_rows
            for each statement execute function %I()', t.name || '_deleted', t.name, t.function);
    end loop;
end $do$;

-- The account's own row. Its version is raised by accounts_changed in the same update; its creation is one version, with all that the
-- same transaction creates in it; its deletion is one more version, and the cascades are not recorded. An account that is put back goes
-- on after the version of its deletion.
create function begin_account() returns trigger language plpgsql as $$
begin
    new.version := greatest(new.version, (select max(c.version) + 1 from account_changes c where c.account_id = new.id));
    new.version_xact := pg_current_xact_id();
    return new;
end $$;
create trigger accounts_begun before insert on accounts for each row execute function begin_account();

create function record_account() returns trigger language plpgsql as $$
declare
    final bigint;
begin
    if tg_op = 'DELETE' then
        final := old.version + (old.version_xact is distinct from pg_current_xact_id())::int;
        insert into account_changes (account_id, version, table_name, operation, row_id)
        values (old.id, final, 'accounts', 'D', old.id);
        perform pg_notify('firezone_accounts', old.id || ':' || final);
        return null;
    end if;
    insert into account_changes (account_id, version, table_name, operation, row_id, after)
    values (
        new.id, new.version, 'accounts', case tg_op when 'INSERT' then 'I' else 'U' end, new.id,
        jsonb_build_object('slug', new.slug, 'config', new.config, 'disabled', new.disabled_at is not null));
    if tg_op = 'INSERT' then
        perform pg_notify('firezone_accounts', new.id || ':' || new.version);
    end if;
    return null;
end $$;
drop trigger accounts_deleted on accounts;
drop function notify_account_deleted();
create trigger accounts_created after insert on accounts for each row execute function record_account();
create trigger accounts_recorded after update on accounts for each row
    when (new.slug <> old.slug or new.config <> old.config or new.disabled_at is distinct from old.disabled_at)
    execute function record_account();
create trigger accounts_deleted after delete on accounts for each row execute function record_account();

-- Credentials and devices: that they are gone, nothing else of them.
create function record_removals() returns trigger language plpgsql as $$
begin
    perform raise_account_versions(array(select distinct account_id from old_rows));
    insert into account_changes (account_id, version, table_name, operation, row_id)
    select a.id, a.version, tg_table_name, 'D', o.id
    from old_rows o join accounts a on a.id = o.account_id;
    return null;
end $$;
do $$
declare
    t text;
begin
    foreach t in array array['client_tokens', 'gateway_tokens', 'clients', 'gateways'] loop
        execute format('create trigger %I after delete on %I referencing old table as old_rows
            for each statement execute function record_removals()', t || '_deleted', t);
    end loop;
end $$;

-- For each row with a condition, not for the statement: connects update clients all the time.
create function record_verification() returns trigger language plpgsql as $$
begin
    perform raise_account_versions(array[new.account_id]);
    insert into account_changes (account_id, version, table_name, operation, row_id, after)
    select a.id, a.version, 'clients', 'U', new.id, jsonb_build_object('verified', new.verified_at is not null)
    from accounts a where a.id = new.account_id;
    return null;
end $$;
create trigger clients_verified after update on clients for each row
    when ((new.verified_at is null) <> (old.verified_at is null))
    execute function record_verification();

-- A membership that is rewritten is another one.
create function revoke_authorizations_of_membership() returns trigger language plpgsql as $$
begin
    delete from policy_authorizations where membership_id = new.id;
    return null;
end $$;
create trigger memberships_revoked after update on memberships for each row
    when (new.group_id <> old.group_id or new.actor_id <> old.actor_id)
    execute function revoke_authorizations_of_membership();

-- What was taken back before it expired, so that a gateway which was away can be told. No foreign keys: rows end by their expiry.
create table revoked_authorizations (
    gateway_id uuid not null,
    client_id uuid not null,
    resource_id uuid not null,
    revoked_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (gateway_id, client_id, resource_id)
);
create index on revoked_authorizations (expires_at);

-- Gateways that were deleted. The same program connects again as a new one and still serves what the old one was granted: it inherits
-- the revocations.
create table former_gateways (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    site_id uuid not null,
    external_id text not null,
    deleted_at timestamptz not null default clock_timestamp()
);
create index on former_gateways (site_id, external_id);

create function keep_revocations() returns trigger language plpgsql as $$
declare
    by_hand uuid[];
begin
    insert into revoked_authorizations (gateway_id, client_id, resource_id, revoked_at, expires_at)
    select o.gateway_id, o.client_id, o.resource_id, clock_timestamp(), max(o.expires_at)
    from old_rows o
    where o.expires_at > clock_timestamp()
        and (exists (select from gateways g where g.id = o.gateway_id) or exists (select from former_gateways f where f.id = o.gateway_id))
    group by o.gateway_id, o.client_id, o.resource_id
    order by o.gateway_id, o.client_id, o.resource_id
    on conflict (gateway_id, client_id, resource_id) do update
    set revoked_at = excluded.revoked_at, expires_at = greatest(revoked_authorizations.expires_at, excluded.expires_at);
    -- Deleted by itself: not by a trigger, nor together with something that it refers to. Those are recorded for themselves.
    if pg_trigger_depth() = 1 then
        select array_agg(o.id) into by_hand
        from old_rows o
        where o.expires_at > clock_timestamp()
            and exists (select from clients where id = o.client_id)
            and exists (select from gateways where id = o.gateway_id)
            and exists (select from resources where id = o.resource_id)
            and exists (select from policies where id = o.policy_id)
            and exists (select from client_tokens where id = o.token_id)
            and (o.membership_id is null or exists (select from memberships where id = o.membership_id));
        if by_hand is not null then
            perform raise_account_versions(array(select distinct account_id from old_rows where id = any(by_hand)));
            insert into account_changes (account_id, version, table_name, operation, row_id, before)
            select a.id, a.version, tg_table_name, 'D', o.id, jsonb_build_object('gateway_id', o.gateway_id)
            from old_rows o join accounts a on a.id = o.account_id
            where o.id = any(by_hand);
        end if;
    end if;
    return null;
end $$;
create trigger policy_authorizations_deleted after delete on policy_authorizations
    referencing old table as old_rows for each statement execute function keep_revocations();

create function remember_gateway() returns trigger language plpgsql as $$
begin
    insert into former_gateways (id, account_id, site_id, external_id)
    select old.id, old.account_id, old.site_id, old.external_id
    where exists (select from accounts where id = old.account_id) and exists (select from sites where id = old.site_id)
    on conflict (id) do nothing;
    return old;
end $$;
create trigger gateways_remembered before delete on gateways for each row execute function remember_gateway();

create function inherit_revocations() returns trigger language plpgsql as $$
begin
    update revoked_authorizations r set gateway_id = new.id
    from former_gateways f
    where f.site_id = new.site_id and f.external_id = new.external_id and r.gateway_id = f.id
        -- The same pair of two former gateways would be twice the same row.
        and not exists (
            select from former_gateways l join revoked_authorizations o on o.gateway_id = l.id
            where l.site_id = f.site_id and l.external_id = f.external_id and l.id > f.id
                and o.client_id = r.client_id and o.resource_id = r.resource_id);
    return null;
end $$;
create trigger gateways_inherited after insert on gateways for each row execute function inherit_revocations();
