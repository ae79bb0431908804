-- Every transaction that changes the configuration of an account raises its version by one, once, and notifies
-- '<account id>:<version>' on channel firezone_accounts at commit. The account's row stays locked until then, so the order of versions
-- is the order of commits. The notification is a hint: readers compare versions, and a lost one costs only time.

create function raise_account_versions() returns trigger language plpgsql as $$
declare
    raised record;
begin
    for raised in
        with concerned as (
            -- Locked in the order of their ids, so that two transactions over several accounts do not deadlock here.
            select a.id from accounts a
            where a.id in (select account_id from changed)
                and a.version_xact is distinct from pg_current_xact_id()
            order by a.id
            for no key update)
        update accounts a
        set version = a.version + 1, version_xact = pg_current_xact_id()
        from concerned
        where a.id = concerned.id
        returning a.id, a.version
    loop
        perform pg_notify('firezone_accounts', raised.id || ':' || raised.version);
    end loop;
    return null;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['sites', 'resources', 'groups', 'memberships', 'policies'] loop
        execute format('create trigger %I after insert on %I referencing new table as changed
            for each statement execute function raise_account_versions()', t || '_inserted', t);
        execute format('create trigger %I after update on %I referencing new table as changed
            for each statement execute function raise_account_versions()', t || '_updated', t);
        execute format('create trigger %I after delete on %I referencing old table as changed
            for each statement execute function raise_account_versions()', t || '_deleted', t);
    end loop;
end $$;

-- The account's own row: raised in the same update.
create function raise_own_version() returns trigger language plpgsql as $$
begin
    if old.version_xact is distinct from pg_current_xact_id() then
        new.version := old.version + 1;
        new.version_xact := pg_current_xact_id();
        perform pg_notify('firezone_accounts', new.id || ':' || new.version);
    end if;
    return new;
end $$;
create trigger accounts_changed before update on accounts for each row
    when (new.slug <> old.slug or new.config <> old.config or new.disabled_at is distinct from old.disabled_at)
    execute function raise_own_version();

create function notify_account_deleted() returns trigger language plpgsql as $$
begin
    perform pg_notify('firezone_accounts', old.id || ':' || old.version + 1);
    return null;
end $$;
create trigger accounts_deleted after delete on accounts for each row execute function notify_account_deleted();
