-- expand
-- Grants come in statements of hundreds of rows, and devices, policies and memberships go by the thousand. The portal's statement has
-- locked what its grants refer to already; six foreign keys, which look it up again row by row, took half of its time.

-- Rather fail, and be run again by the next start, than have everybody queue up behind this script.
set local lock_timeout = '10s';

-- What new grants refer to exists, and stays until they are committed. A statement that has seen to that itself says so by the setting
-- firezone.grants_locked, for its transaction.
create function lock_grant_references() returns trigger language plpgsql as $$
declare
    wanted record;
    found_rows bigint;
    missing text;
begin
    select
        count(distinct policy_id) as policies, count(distinct resource_id) as resources, count(distinct membership_id) as memberships,
        count(distinct client_id) as clients, count(distinct gateway_id) as gateways, count(distinct token_id) as tokens
    into wanted
    from new_rows;

    -- Each in the order of ids, as everybody locks many of these.
    perform from policies where id in (select policy_id from new_rows) order by id for key share;
    get diagnostics found_rows = row_count;
    if found_rows < wanted.policies then missing := 'policy_id'; end if;

    perform from resources where id in (select resource_id from new_rows) order by id for key share;
    get diagnostics found_rows = row_count;
    if found_rows < wanted.resources then missing := 'resource_id'; end if;

    if wanted.memberships > 0 then
        perform from memberships where id in (select membership_id from new_rows) order by id for key share;
        get diagnostics found_rows = row_count;
        if found_rows < wanted.memberships then missing := 'membership_id'; end if;
    end if;

    perform from clients where id in (select client_id from new_rows) order by id for key share;
    get diagnostics found_rows = row_count;
    if found_rows < wanted.clients then missing := 'client_id'; end if;

    perform from gateways where id in (select gateway_id from new_rows) order by id for key share;
    get diagnostics found_rows = row_count;
    if found_rows < wanted.gateways then missing := 'gateway_id'; end if;

    perform from client_tokens where id in (select token_id from new_rows) order by id for key share;
    get diagnostics found_rows = row_count;
    if found_rows < wanted.tokens then missing := 'token_id'; end if;

    if missing is not null then
        raise exception 'A grant''s % refers to what does not exist.', missing
            using errcode = 'foreign_key_violation', table = 'policy_authorizations', column = missing;
    end if;
    return null;
end $$;

-- What is deleted takes its grants along. The argument is the column that refers to it.
create function delete_grants() returns trigger language plpgsql as $$
begin
    -- A grant that is committed after such a transaction has begun is not visible to it.
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception 'Rows of % cannot be deleted in a % transaction.', tg_table_name, current_setting('transaction_isolation')
            using errcode = 'feature_not_supported', hint = 'Grants given meanwhile would stay. Use read committed.';
    end if;
    execute format('delete from policy_authorizations where %I in (select id from old_rows)', tg_argv[0]);
    return null;
end $$;

create trigger clients_grants_deleted after delete on clients
    referencing old table as old_rows for each statement execute function delete_grants('client_id');
create trigger gateways_grants_deleted after delete on gateways
    referencing old table as old_rows for each statement execute function delete_grants('gateway_id');
create trigger resources_grants_deleted after delete on resources
    referencing old table as old_rows for each statement execute function delete_grants('resource_id');
create trigger policies_grants_deleted after delete on policies
    referencing old table as old_rows for each statement execute function delete_grants('policy_id');
create trigger memberships_grants_deleted after delete on memberships
    referencing old table as old_rows for each statement execute function delete_grants('membership_id');
create trigger client_tokens_grants_deleted after delete on client_tokens
    referencing old table as old_rows for each statement execute function delete_grants('token_id');
create trigger policy_authorizations_referring after insert on policy_authorizations
    referencing new table as new_rows for each statement
    when (current_setting('firezone.grants_locked', true) is distinct from 'on')
    execute function lock_grant_references();

alter table policy_authorizations
    drop constraint policy_authorizations_client_id_fkey,
    drop constraint policy_authorizations_gateway_id_fkey,
    drop constraint policy_authorizations_resource_id_fkey,
    drop constraint policy_authorizations_policy_id_fkey,
    drop constraint policy_authorizations_membership_id_fkey,
    drop constraint policy_authorizations_token_id_fkey;
