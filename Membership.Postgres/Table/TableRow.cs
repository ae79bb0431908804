using System.Net;
using Npgsql;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>A row of the membership table as it is stored: times by the database's clock.</summary>
internal sealed record TableRow(
    SiloAddress Silo,
    string SiloName,
    string HostName,
    SiloStatus Status,
    int ProxyPort,
    string? SuspectTimes,
    DateTime StartTime,
    DateTime IAmAliveTime,
    string ETag)
{
    /// <summary>Reads the columns that <see cref="TableStatements"/> selects for a row; null where an outer join found none.</summary>
    public static TableRow? Read(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(2))
            return null;
        return new(
            ReadAddress(reader, 2),
            reader.GetString(5),
            reader.GetString(6),
            (SiloStatus)reader.GetInt32(7),
            reader.IsDBNull(8) ? 0 : reader.GetInt32(8),
            reader.IsDBNull(9) ? null : reader.GetString(9),
            reader.GetDateTime(10),
            reader.GetDateTime(11),
            reader.GetString(12));
    }

    /// <summary>Address, port and generation in three columns.</summary>
    public static SiloAddress ReadAddress(NpgsqlDataReader reader, int first) =>
        SiloAddress.New(IPAddress.Parse(reader.GetString(first)), reader.GetInt32(first + 1), reader.GetInt32(first + 2));

    /// <summary>The row that a write of the entry leaves.</summary>
    public static TableRow Of(MembershipEntry entry, ClockShift shift, string etag) => new(
        entry.SiloAddress,
        entry.SiloName ?? "",
        entry.HostName ?? "",
        entry.Status,
        entry.ProxyPort,
        SuspectTimesText.Format(entry.SuspectTimes, shift),
        shift.ToDatabase(entry.StartTime),
        shift.ToDatabase(entry.IAmAliveTime),
        etag);

    /// <summary>A new entry each time: Orleans changes those that it gets.</summary>
    public MembershipEntry ToEntry(ClockShift shift) => new()
    {
        SiloAddress = Silo,
        SiloName = SiloName,
        HostName = HostName,
        Status = Status,
        ProxyPort = ProxyPort,
        SuspectTimes = SuspectTimesText.Parse(SuspectTimes, shift),
        StartTime = shift.ToLocal(StartTime),
        IAmAliveTime = shift.ToLocal(IAmAliveTime),
    };
}
