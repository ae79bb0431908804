using System.Text.Json;
using Firezone.Admin.Authentication;
using Firezone.Admin.Hosting;
using Firezone.Admin.Idempotency;
using Firezone.Admin.Problems;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.Admin.Data;

/// <summary>Runs the changes of one request, each in one transaction.</summary>
public sealed class Changes(Database database, Caller caller, IHttpContextAccessor http, TimeProvider time)
{
    private const int MaxAttempts = 5;
    private const double FirstPauseMilliseconds = 10;

    /// <summary>A change within the caller's account.</summary>
    /// <param name="work">
    /// Done again from the start when the database found it in conflict with another transaction; so it keeps nothing from an earlier run.
    /// </param>
    /// <param name="ct">Gives up.</param>
    internal Task<IResult> RunAsync(Func<AccountChange, Task<Outcome>> work, CancellationToken ct) =>
        RepeatAsync((connection, transaction, origin) => work(new AccountChange(connection, transaction, caller, origin, ct)), ct);

    /// <summary>A change by an operator; otherwise as above.</summary>
    internal Task<IResult> RunForClusterAsync(Func<ClusterChange, Task<Outcome>> work, CancellationToken ct) =>
        RepeatAsync((connection, transaction, origin) => work(new ClusterChange(connection, transaction, caller, origin, ct)), ct);

    private async Task<IResult> RepeatAsync(
        Func<NpgsqlConnection, NpgsqlTransaction, ChangeOrigin, Task<Outcome>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(work, ct);
            }
            catch (PostgresException e) when (IsCollision(e) && attempt < MaxAttempts)
            {
                var pause = FirstPauseMilliseconds * (1 << attempt) * (0.5 + Random.Shared.NextDouble());
                await Task.Delay(TimeSpan.FromMilliseconds(pause), time, ct);
            }
            catch (PostgresException e) when (ConstraintProblems.Find(e) is { } problem)
            {
                throw new ProblemException(problem);
            }
        }
    }

    private async Task<IResult> RunOnceAsync(
        Func<NpgsqlConnection, NpgsqlTransaction, ChangeOrigin, Task<Outcome>> work, CancellationToken ct)
    {
        var context = http.HttpContext!;
        var origin = new ChangeOrigin(context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "");
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var kept = context.Features.Get<RepeatableRequest>() is { } request ? new KeptAnswer(request, connection, transaction) : null;
        if (kept is not null && await kept.ClaimAsync(ct) is { } earlier)
            return earlier;

        var outcome = await work(connection, transaction, origin);
        var body = outcome.Body is null ? null : JsonSerializer.SerializeToUtf8Bytes(outcome.Body, outcome.Body.GetType(), AdminJson.Options);
        var answer = new Answer(outcome.Status, body, outcome.Location);
        if (kept is not null)
            await kept.KeepAsync(answer, ct);
        await transaction.CommitAsync(ct);
        return answer;
    }

    private static bool IsCollision(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}
