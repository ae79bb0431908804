using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// The partitions of the audit log, one per month in UTC: made ahead, and dropped when all of a month is past its retention. Lines of a
/// month that was not made in time lie in the default partition until it is.
/// </summary>
/// <param name="logger">One line per partition dropped.</param>
internal sealed partial class AuditLogMonths(ILogger<AuditLogMonths> logger)
{
    private const string Make = """
        select make_audit_log_month(statement_timestamp() + months * interval '1 month') from generate_series(0, 2) as months
        """;

    private const string Expired = "select name from audit_log_months_before(statement_timestamp() - $1)";

    /// <summary>Makes this month and the next two, and drops what has run out.</summary>
    /// <param name="connection">Open, on the primary.</param>
    /// <param name="keep">How long a line is kept at least.</param>
    /// <param name="ct">Gives up.</param>
    public async Task KeepAsync(NpgsqlConnection connection, TimeSpan keep, CancellationToken ct)
    {
        await using (var make = new NpgsqlCommand(Make, connection))
            await make.ExecuteNonQueryAsync(ct);
        List<string> expired = [];
        await using (var find = new NpgsqlCommand(Expired, connection))
        {
            find.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = keep });
            await using var reader = await find.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                expired.Add(reader.GetString(0));
        }
        foreach (var name in expired)
        {
            await using var drop = new NpgsqlCommand($"drop table \"{name}\"", connection);
            await drop.ExecuteNonQueryAsync(ct);
            LogDropped(logger, name);
        }
    }

    [LoggerMessage(3046, LogLevel.Information, "Dropped {Partition}: all of it was past its retention")]
    private static partial void LogDropped(ILogger logger, string partition);
}
