using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Membership.Postgres.Table;

/// <summary>
/// Sees to the tables, in the storage format of Orleans' ADO.NET provider, and to the trigger that notifies. Adds what is missing and changes
/// nothing that is there, so that the tables of a running ADO.NET cluster can be used as they are.
/// </summary>
public sealed partial class MembershipSchema
{
    private const int Attempts = 3;

    private static readonly Lazy<string> ScriptText = new(ReadScript);

    private readonly MembershipDatabase _db;
    private readonly bool _create;
    private readonly ILogger _log;
    private bool _warned;

    internal MembershipSchema(MembershipDatabase db, bool create, ILogger log)
    {
        _db = db;
        _create = create;
        _log = log;
    }

    /// <summary>
    /// SQL that makes everything that is missing in the first schema of the search path, for an administrator to run. It can be run any
    /// number of times. Silos then need USAGE on the schema, SELECT on OrleansQuery, and SELECT, INSERT, UPDATE and DELETE on the two
    /// membership tables.
    /// </summary>
    public static string Script => ScriptText.Value;

    /// <summary>One read-only round trip when everything is there already.</summary>
    /// <exception cref="MembershipSchemaException">Something is missing and must not or cannot be made.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    internal async Task EnsureAsync(CancellationToken ct)
    {
        await using var connection = await _db.Pool.OpenConnectionAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            var state = await SchemaState.ReadAsync(connection, ct);
            if (state is { IsUsable: true, HasTrigger: true })
                return;
            if (!_create)
                throw Missing(state, "is missing, and CreateSchema is off", null);
            // What no script mends.
            if (state.MissingColumns.Count > 0 || state.MissingRights.Count > 0)
                throw Missing(state, "is missing", null);
            if (state.MissingTables.Count > 0 && !state.MayCreate)
                throw Missing(state, $"is missing, and role {state.Role} lacks the right CREATE on {Place(state)}", null);
            try
            {
                await CreateAsync(connection, ct);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
            {
                throw Missing(state, $"is missing, and role {state.Role} lacks a right to make it ({e.MessageText})", e);
            }
            catch (PostgresException e) when (attempt < Attempts && IsRace(e))
            {
                continue; // somebody who does not know of our lock made the same
            }
            state = await SchemaState.ReadAsync(connection, ct);
            if (!state.IsUsable)
                throw Missing(state, "is missing after the script ran", null);
            if (state.HasTrigger)
                LogCreated(_log, state.Schema);
            else if (!_warned)
                LogWithoutTrigger(_log, state.Role);
            _warned |= !state.HasTrigger;
            return;
        }
    }

    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Script, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static MembershipSchemaException Missing(SchemaState state, string what, Exception? inner) => new(
        $"In the membership tables ({Place(state)}) this {what}: {state.Missing}. Give the right, or have an administrator run the SQL of "
        + $"{nameof(MembershipSchema)}.{nameof(Script)} in that database once and grant SELECT on OrleansQuery and SELECT, INSERT, UPDATE, DELETE on "
        + $"OrleansMembershipVersionTable and OrleansMembershipTable to {state.Role}.",
        inner);

    private static string Place(SchemaState state) => state.Schema is null ? "no schema of the search path exists" : $"schema {state.Schema}";

    private static bool IsRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.DuplicateFunction or PostgresErrorCodes.DeadlockDetected;

    private static string ReadScript()
    {
        var type = typeof(MembershipSchema);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.Schema.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LoggerMessage(7000, LogLevel.Information, "Made what was missing of the membership tables in schema {Schema}")]
    private static partial void LogCreated(ILogger log, string? schema);

    [LoggerMessage(7001, LogLevel.Warning, "The trigger orleans_membership_notify could not be made: role {Role} may not. Changes that ADO.NET silos or people write are seen at the next refresh of the table only; those of this provider's silos at once. An administrator can run the SQL of MembershipSchema.Script")]
    private static partial void LogWithoutTrigger(ILogger log, string role);
}
