-- expand
-- What an older build must know of a newer schema, and an audit log whose old months are dropped instead of deleted row by row.

-- Rather fail, and be run again by the next start, than have everybody queue up behind this script.
set local lock_timeout = '10s';

-- The oldest build that may run against this database, by the number of the newest script it has. A script that takes away what older
-- builds use raises it.
create table schema_info (
    one boolean primary key default true check (one),
    oldest_build integer not null,
    -- The server whose transaction ids the rows carry.
    system_identifier bigint not null
);
insert into schema_info (oldest_build, system_identifier) select 7, system_identifier from pg_control_system();

-- Called at every start. After a dump was restored into another server the rows carry ids of transactions that this server has yet to give out:
-- one of them would not raise the version of an account it changes, and old sessions and flows would be told as new. A base backup and a
-- promoted standby keep counting where the old server was, and need nothing.
create function adopt_database() returns boolean language plpgsql as $$
declare
    here constant bigint := (select system_identifier from pg_control_system());
    future constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
    -- Older than every transaction.
    past constant xid8 := '3';
begin
    perform from schema_info where system_identifier <> here for update;
    if not found then
        return false;
    end if;
    update accounts set version_xact = null where version_xact >= future;
    -- Whoever needs them reads the account whole.
    delete from account_changes where xact >= future;
    update sessions set opened_xact = past where opened_xact >= future;
    update sessions set ended_xact = past where ended_xact >= future;
    update policy_authorizations set granted_xact = past where granted_xact >= future;
    update schema_info set system_identifier = here;
    return true;
end $$;

-- Lines without a month of their own go to the default partition, so that no change fails because nobody has made its month yet. The
-- primary key has to contain the time; nothing refers to a line.
alter table audit_log rename to audit_log_whole;
alter index audit_log_pkey rename to audit_log_whole_pkey;
create table audit_log (
    like audit_log_whole including defaults,
    primary key (id, at)
) partition by range (at);
create index on audit_log (account_id, at, id);
create index on audit_log (at, id);
create table audit_log_default partition of audit_log default;

-- Makes the partition of a month (in UTC) if it is missing, with the lines that were put into the default partition meanwhile. A table made
-- aside and then attached takes no lock that keeps lines from being written to other months for long.
create function make_audit_log_month(month timestamptz) returns void language plpgsql as $$
declare
    first constant timestamptz := date_trunc('month', month, 'UTC');
    following constant timestamptz := ((first at time zone 'UTC') + interval '1 month') at time zone 'UTC';
    name constant text := 'audit_log_' || to_char(first at time zone 'UTC', 'YYYY_MM');
begin
    if to_regclass(name) is not null then
        return;
    end if;
    execute format('create table %I (like audit_log including defaults)', name);
    -- From here to the commit nobody can add a line to the default partition.
    lock table audit_log_default in share row exclusive mode;
    execute format(
        'with moved as (delete from audit_log_default where at >= %L and at < %L returning *) insert into %I select * from moved',
        first, following, name);
    execute format('alter table audit_log attach partition %I for values from (%L) to (%L)', name, first, following);
end $$;

select make_audit_log_month(month)
from (
    select date_trunc('month', at, 'UTC') as month from audit_log_whole
    union
    select now() + months * interval '1 month' from generate_series(0, 2) as months) as m
order by month;
insert into audit_log (id, at, account_id, token_id, token_name, actor_id, remote_ip, method, route, action, target_type, target_id, before, after)
select id, at, account_id, token_id, token_name, actor_id, remote_ip, method, route, action, target_type, target_id, before, after
from audit_log_whole;
drop table audit_log_whole;

-- Names of the partitions whose every line is older than a moment. Their bounds tell, not their names.
create function audit_log_months_before(moment timestamptz) returns table (name text) language sql stable as $$
    select c.relname::text
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit_log'::regclass
        and substring(pg_get_expr(c.relpartbound, c.oid) from $r$TO \('([^']+)'\)$r$)::timestamptz <= moment
    order by c.relname;
$$;
