using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Routing;
using Npgsql;
using NpgsqlTypes;
using static Firezone.Storage.Postgres.Connecting.Parameters;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Reads what connects of clients are judged by; those that come at the same time together.</summary>
internal sealed class ClientReads
{
    // Left to itself the server plans the statement anew for each small batch.
    private const string PlanOnce = "select set_config('plan_cache_mode', 'force_generic_plan', true)";

    private readonly Database _database;
    private readonly SharedReads<Question, ClientRow?> _reads;

    public ClientReads(Database database)
    {
        _database = database;
        _reads = new("clients", ConnectGate.Patience, ReadAsync);
    }

    /// <summary>The token's row, and the device's if it is known.</summary>
    public Task<ClientRow?> ReadAsync(Guid tokenId, ClientDevice? device, CancellationToken ct) =>
        _reads.AskAsync(new Question(tokenId, device?.ExternalId, device?.PublicKey), ct);

    /// <summary>The statement for one.</summary>
    public static NpgsqlBatchCommand Command(Guid tokenId, ClientDevice? device, DateTimeOffset? now) =>
        Command(new Question(tokenId, device?.ExternalId, device?.PublicKey), now);

    private static NpgsqlBatchCommand Command(in Question question, DateTimeOffset? now) => new(ClientRow.Sql)
    {
        Parameters = { Uuid(question.TokenId), Text(question.ExternalId), Text(question.PublicKey), Time(now) },
    };

    private Task<ClientRow?[]> ReadAsync(IReadOnlyList<Question> questions, CancellationToken ct) =>
        _database.ReadAsync(questions.Count == 1 ? One(questions[0]) : Many(questions), ct);

    private static ReadQuery<ClientRow?[]> One(Question question) => new(
        (commands, now) => commands.Add(Command(question, now)),
        static async (reader, stop) => [await reader.ReadAsync(stop) ? ClientRow.Read(reader) : null]);

    private static ReadQuery<ClientRow?[]> Many(IReadOnlyList<Question> questions) => new(
        (commands, now) =>
        {
            commands.Add(new(PlanOnce));
            var command = new NpgsqlBatchCommand(ClientRow.ManySql);
            command.Parameters.AddUuid(questions, static q => q.TokenId);
            command.Parameters.AddText(questions, static q => q.ExternalId);
            command.Parameters.AddText(questions, static q => q.PublicKey);
            command.Parameters.Add(Time(now));
            commands.Add(command);
        },
        async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            var rows = new ClientRow?[questions.Count];
            while (await reader.ReadAsync(stop))
                rows[reader.GetInt64(0) - 1] = ClientRow.Read(reader, 1);
            return rows;
        });

    private readonly record struct Question(Guid TokenId, string? ExternalId, string? PublicKey);
}
