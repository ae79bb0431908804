-- Cluster membership in the storage format of Orleans' ADO.NET provider for PostgreSQL (tables, columns and query keys), and a trigger
-- that tells every change of a cluster's version by NOTIFY. Makes only what is missing: tables and query texts that are there stay as
-- they are. May run any number of times, by several at once. Needs PostgreSQL 11.
do $schema$
declare
    home text;
    stored record;
begin
    perform pg_advisory_xact_lock(hashtextextended('orleans/membership/schema', 0));

    if to_regclass('OrleansQuery') is null then
        create table OrleansQuery (
            QueryKey varchar(64) not null,
            QueryText varchar(8000) not null,
            constraint OrleansQuery_Key primary key (QueryKey)
        );
    end if;

    if to_regclass('OrleansMembershipVersionTable') is null then
        create table OrleansMembershipVersionTable (
            DeploymentId varchar(150) not null,
            Timestamp timestamptz(3) not null default now(),
            Version integer not null default 0,
            constraint PK_OrleansMembershipVersionTable_DeploymentId primary key (DeploymentId)
        );
    end if;

    if to_regclass('OrleansMembershipTable') is null then
        create table OrleansMembershipTable (
            DeploymentId varchar(150) not null,
            Address varchar(45) not null,
            Port integer not null,
            Generation integer not null,
            SiloName varchar(150) not null,
            HostName varchar(150) not null,
            Status integer not null,
            ProxyPort integer,
            SuspectTimes varchar(8000),
            StartTime timestamptz(3) not null,
            IAmAliveTime timestamptz(3) not null,
            constraint PK_MembershipTable_DeploymentId primary key (DeploymentId, Address, Port, Generation),
            constraint FK_MembershipTable_MembershipVersionTable_DeploymentId
                foreign key (DeploymentId) references OrleansMembershipVersionTable (DeploymentId)
        );
    end if;

    -- Every write of a row but the sign of life moves the cluster's version by exactly one, and only from the version that the writer has
    -- seen. Only ADO.NET silos read these texts.
    for stored in
        select k.QueryKey, k.QueryText from (values
('InsertMembershipVersionKey', '
    with inserted as (
        insert into OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId)
        on conflict (DeploymentId) do nothing
        returning 1)
    select count(*)::int from inserted'),
('InsertMembershipKey', '
    with bumped as (
        update OrleansMembershipVersionTable v set Timestamp = now(), Version = v.Version + 1
        where v.DeploymentId = @DeploymentId and v.Version = @Version and not exists (
            select 1 from OrleansMembershipTable m
            where m.DeploymentId = @DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation)
        returning v.DeploymentId),
    inserted as (
        insert into OrleansMembershipTable
            (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        select DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from bumped
        on conflict do nothing
        returning 1)
    select count(*)::int from inserted'),
('UpdateMembershipKey', '
    with bumped as (
        update OrleansMembershipVersionTable v set Timestamp = now(), Version = v.Version + 1
        where v.DeploymentId = @DeploymentId and v.Version = @Version and exists (
            select 1 from OrleansMembershipTable m
            where m.DeploymentId = @DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation)
        returning v.DeploymentId),
    updated as (
        update OrleansMembershipTable m set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        from bumped b
        where m.DeploymentId = b.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
        returning 1)
    select count(*)::int from updated'),
('UpdateIAmAlivetimeKey', '
    update OrleansMembershipTable set IAmAliveTime = @IAmAliveTime
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation'),
('MembershipReadRowKey', '
    select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
           m.StartTime, m.IAmAliveTime, v.Version
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m
        on m.DeploymentId = v.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
    where v.DeploymentId = @DeploymentId'),
('MembershipReadAllKey', '
    select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
           m.StartTime, m.IAmAliveTime, v.Version
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
    where v.DeploymentId = @DeploymentId'),
('GatewaysQueryKey', '
    select Address, ProxyPort, Generation from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0'),
('DeleteMembershipTableEntriesKey', '
    delete from OrleansMembershipTable where DeploymentId = @DeploymentId;
    delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    delete from OrleansMembershipTable
    where DeploymentId = @DeploymentId and IAmAliveTime < @IAmAliveTime and Status <> 3')
        ) as k (QueryKey, QueryText)
        where not exists (select 1 from OrleansQuery q where q.QueryKey = k.QueryKey)
    loop
        insert into OrleansQuery (QueryKey, QueryText) values (stored.QueryKey, stored.QueryText) on conflict do nothing;
    end loop;

    -- Beside the tables, wherever the search path finds them. The number of the form is looked for by the provider; raise it with each change.
    if not exists (
        select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where t.tgrelid = to_regclass('OrleansMembershipVersionTable') and t.tgname = 'orleans_membership_notify'
            and coalesce(substring(p.prosrc from 'form ([0-9]+)')::int, 0) >= 1)
    then
        begin
            select n.nspname into home from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = to_regclass('OrleansMembershipVersionTable');
            execute format($create$
                create or replace function %I.orleans_membership_notify() returns trigger language plpgsql as $body$
                -- form 1
                begin
                    perform pg_catalog.pg_notify('orleans_membership_' || pg_catalog.md5(new.DeploymentId), '1|v|' || new.Version);
                    return null;
                end
                $body$ $create$, home);
            if not exists (
                select 1 from pg_trigger
                where tgrelid = to_regclass('OrleansMembershipVersionTable') and tgname = 'orleans_membership_notify')
            then
                execute format('create trigger orleans_membership_notify after update on OrleansMembershipVersionTable for each row
                    when (old.Version is distinct from new.Version) execute function %I.orleans_membership_notify()', home);
            end if;
        exception when insufficient_privilege then
            raise warning 'changes of the membership are not told by NOTIFY: %', sqlerrm;
        end;
    end if;
end
$schema$;
