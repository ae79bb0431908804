using System.Globalization;
using Npgsql;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>
/// Remembers the newest timeline on which a primary was seen, and refuses servers on an older one: a former primary that has come back
/// takes writes that nobody will ever find again.
/// </summary>
internal sealed class PrimaryGuard
{
    // A standby has no timeline to tell; what is wanted of the server is judged elsewhere.
    private const string Sql = """
        select case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
            (select system_identifier from pg_control_system())
        """;

    private readonly Lock _lock = new();
    private uint _timeline;
    private long _system;

    /// <summary>Whose data it is: the same on a primary and its standbys. 0: no primary was seen yet.</summary>
    public long System
    {
        get
        {
            lock (_lock)
                return _system;
        }
    }

    /// <summary>Called when a primary is on a newer timeline than any before.</summary>
    public Action? Promoted { get; set; }

    /// <summary>Every physical connection to a primary passes here before its first use.</summary>
    /// <exception cref="OldPrimaryException">It leads to a former primary.</exception>
    public async Task AdmitAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        if (await reader.ReadAsync() && !reader.IsDBNull(0))
            Admit(Timeline(reader.GetString(0)), reader.GetInt64(1));
    }

    /// <inheritdoc cref="AdmitAsync"/>
    public void Admit(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Sql, connection);
        using var reader = command.ExecuteReader();
        if (reader.Read() && !reader.IsDBNull(0))
            Admit(Timeline(reader.GetString(0)), reader.GetInt64(1));
    }

    /// <summary>A server says that it is the primary, on this timeline. Null: of the same data as the last.</summary>
    /// <exception cref="OldPrimaryException">It is a former one.</exception>
    public void Admit(uint timeline, long? system = null)
    {
        lock (_lock)
        {
            // Other data are another history, whose timelines say nothing about this one.
            var same = system is null || system == _system;
            if (same && timeline < _timeline)
                throw new OldPrimaryException();
            var promoted = same && timeline > _timeline && _timeline > 0;
            _timeline = timeline;
            _system = system ?? _system;
            if (!promoted)
                return;
        }
        Promoted?.Invoke();
    }

    /// <summary>From the first eight letters of a log file's name.</summary>
    public static uint Timeline(string hex) => uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
