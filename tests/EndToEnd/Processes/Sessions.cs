using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Scenes;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.EndToEnd.Processes;

/// <summary>The session rows that operators see.</summary>
internal static class Sessions
{
    /// <summary>Waits until the account has this many open sessions of a kind; fails with the number seen.</summary>
    public static Task WaitUntilOpenAsync(Database database, TestAccount account, string kind, long expected) =>
        WaitUntilOpenAsync(() => CountOpenAsync(database, account, kind), kind, expected);

    /// <inheritdoc cref="WaitUntilOpenAsync(Database, TestAccount, string, long)"/>
    public static Task WaitUntilOpenAsync(Scene scene, string kind, long expected) => WaitUntilOpenAsync(
        () => scene.ScalarAsync<long>($"select count(*) from sessions where account_id = {scene.Account} and kind = {kind} and ended_at is null"),
        kind,
        expected);

    private static async Task WaitUntilOpenAsync(Func<Task<long>> count, string kind, long expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        long seen;
        while ((seen = await count()) != expected)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{seen} open {kind} sessions after 30 s, expected {expected}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<long> CountOpenAsync(Database database, TestAccount account, string kind)
    {
        await using var command = database.Write.CreateCommand(
            "select count(*) from sessions where account_id = $1 and kind = $2 and ended_at is null");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
