namespace Firezone.Membership.Postgres.Table;

/// <summary>
/// The statements of <see cref="PostgresMembershipTable"/>. Each is one round trip, and the first column of each is the database's time.
/// Times go in and out as <c>timestamptz</c>; in a session with the time zone UTC that suits columns of either kind. The notification in
/// each write repeats that of the trigger, which PostgreSQL sends once, for tables on which the trigger could not be made.
/// </summary>
internal static class TableStatements
{
    // What a writer may have overlooked when it has an older one; the sign of life is not part of it.
    private const string ETag = """
        md5(concat_ws(E'\x1f', m.Status, coalesce(m.ProxyPort, 0), coalesce(m.SuspectTimes, ''), m.SiloName, m.HostName, extract(epoch from m.StartTime)))
        """;

    private const string IsRow = "m.DeploymentId = $1 and m.Address = $2 and m.Port = $3 and m.Generation = $4";

    private const string Told = "(select pg_notify('orleans_membership_' || md5(DeploymentId), '1|v|' || Version)::text from bumped)";

    private const string Row = $"""
        m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
        m.StartTime::timestamptz, m.IAmAliveTime::timestamptz, {ETag}
        """;

    /// <summary>Cluster.</summary>
    public const string InsertVersion = """
        with inserted as (
            insert into OrleansMembershipVersionTable (DeploymentId) values ($1) on conflict (DeploymentId) do nothing returning 1)
        select clock_timestamp(), (select count(*)::int from inserted)
        """;

    /// <summary>Cluster.</summary>
    public const string ReadAll = $"""
        select clock_timestamp(), v.Version, {Row}
        from OrleansMembershipVersionTable v
        left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
        where v.DeploymentId = $1
        """;

    /// <summary>Cluster, address, port, generation.</summary>
    public const string ReadRow = $"""
        select clock_timestamp(), v.Version, {Row}
        from OrleansMembershipVersionTable v
        left join OrleansMembershipTable m on {IsRow}
        where v.DeploymentId = $1
        """;

    /// <summary>Cluster, address, port, generation, version; silo name, host name, status, proxy port, suspect times, start, sign of life.</summary>
    public const string Insert = $"""
        with bumped as (
            update OrleansMembershipVersionTable v set Timestamp = now(), Version = v.Version + 1
            where v.DeploymentId = $1 and v.Version = $5 and not exists (select 1 from OrleansMembershipTable m where {IsRow})
            returning v.DeploymentId, v.Version),
        inserted as (
            insert into OrleansMembershipTable
                (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime)
            select DeploymentId, $2, $3, $4, $6, $7, $8, $9, $10::text, $11, $12 from bumped
            on conflict do nothing
            returning 1)
        select clock_timestamp(), (select count(*)::int from inserted), {Told}
        """;

    /// <summary>Cluster, address, port, generation, version; ETag, status, suspect times, sign of life.</summary>
    public const string Update = $"""
        with bumped as (
            update OrleansMembershipVersionTable v set Timestamp = now(), Version = v.Version + 1
            where v.DeploymentId = $1 and v.Version = $5 and exists (
                select 1 from OrleansMembershipTable m where {IsRow} and {ETag} = $6)
            returning v.DeploymentId, v.Version),
        updated as (
            update OrleansMembershipTable m set Status = $7, SuspectTimes = $8::text, IAmAliveTime = $9
            from bumped
            where {IsRow}
            returning 1)
        select clock_timestamp(), (select count(*)::int from updated), {Told}
        """;

    /// <summary>Cluster, address, port, generation, sign of life.</summary>
    public const string UpdateIAmAlive = $"""
        with updated as (update OrleansMembershipTable m set IAmAliveTime = $5 where {IsRow} returning 1)
        select clock_timestamp(), (select count(*)::int from updated)
        """;

    /// <summary>Cluster.</summary>
    public const string Delete = """
        with rows as (delete from OrleansMembershipTable where DeploymentId = $1 returning 1),
        version as (delete from OrleansMembershipVersionTable where DeploymentId = $1 returning 1)
        select clock_timestamp(), (select count(*)::int from rows), (select count(*)::int from version)
        """;

    /// <summary>Cluster, date.</summary>
    public const string Cleanup = """
        with gone as (
            delete from OrleansMembershipTable where DeploymentId = $1 and IAmAliveTime < $2 and Status <> 3 returning 1)
        select clock_timestamp(), (select count(*)::int from gone)
        """;

    /// <summary>
    /// Cluster, address, port, generation; vote. From the version that this statement sees: nothing is written if another writer is at work
    /// on it. Gives the status seen before and whether it was changed.
    /// </summary>
    public const string DeclareDead = $"""
        with seen as (select Version from OrleansMembershipVersionTable where DeploymentId = $1),
        bumped as (
            update OrleansMembershipVersionTable v set Timestamp = now(), Version = v.Version + 1
            where v.DeploymentId = $1 and v.Version = (select Version from seen)
                and exists (select 1 from OrleansMembershipTable m where {IsRow} and m.Status <> 6)
            returning v.DeploymentId, v.Version),
        updated as (
            update OrleansMembershipTable m set Status = 6, SuspectTimes = case
                when coalesce(m.SuspectTimes, '') = '' or length(m.SuspectTimes) + 1 + length($5) > 8000 then $5
                else m.SuspectTimes || '|' || $5 end
            from bumped
            where {IsRow} and m.Status <> 6
            returning 1)
        select clock_timestamp(), (select m.Status from OrleansMembershipTable m where {IsRow}), (select count(*)::int from updated),
            {Told}
        """;

    /// <summary>
    /// Cluster, first lock key. A silo takes its own lock exclusively; a watcher that got it, shared, is not the silo. The second keys come
    /// with each row.
    /// </summary>
    public const string Survey = """
        select clock_timestamp(), m.Address, m.Port, m.Generation, m.Status,
            greatest(m.StartTime::timestamptz, m.IAmAliveTime::timestamptz),
            (select coalesce(array_agg(l.objid::bigint), '{}') from pg_locks l
             where l.locktype = 'advisory' and l.classid::bigint = $2 and l.objsubid = 2 and l.granted and l.mode = 'ExclusiveLock'
                 and l.database = (select d.oid from pg_database d where d.datname = current_database()))
        from OrleansMembershipTable m
        where m.DeploymentId = $1 and m.Status <> 6
        """;

    /// <summary>Cluster.</summary>
    public const string ReadGateways = """
        select clock_timestamp(), v.Version, m.Address, m.Port, m.Generation, m.Status, m.ProxyPort
        from OrleansMembershipVersionTable v
        left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId and m.ProxyPort > 0 and m.Status in (3, 4, 5)
        where v.DeploymentId = $1
        """;
}
