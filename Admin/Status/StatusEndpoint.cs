using System.Reflection;
using Dapper;
using Firezone.Admin.Authentication;
using Firezone.Grains.Abstractions.Status;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Status;

/// <summary>The route of the cluster's status.</summary>
internal static class StatusEndpoint
{
    private const string FrontEnds = "select id, name, region, sessions, started_at, renewed_at from front_ends order by region, name, id";

    private const string AllSessions = "select kind, region, count(*) as count from sessions where ended_at is null group by 1, 2 order by 1, 2";

    private const string OwnSessions = """
        select kind, region, count(*) as count from sessions where account_id = @AccountId and ended_at is null group by 1, 2 order by 1, 2
        """;

    // Without the commit that the compiler appends.
    private static readonly string Version = typeof(StatusEndpoint).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void Map(IEndpointRouteBuilder any) =>
        any.MapGet("/status", Get).WithName("getStatus").WithSummary("Get the cluster's status");

    private static async Task<Ok<ClusterStatus>> Get(
        Caller caller, Database database, ReplicaList replicas, IGrainFactory grains, TimeProvider time, CancellationToken ct)
    {
        var isOperator = caller.Role == Roles.Operator;
        var silos = await grains.GetGrain<IClusterStatusGrain>(0).GetSilos().WaitAsync(ct);
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        var frontEnds = await connection.QueryAsync<FrontEndStatusView>(new CommandDefinition(FrontEnds, cancellationToken: ct));
        var sessions = await connection.QueryAsync<SessionCount>(new CommandDefinition(
            isOperator ? AllSessions : OwnSessions, new { caller.AccountId }, cancellationToken: ct));
        return TypedResults.Ok(new ClusterStatus(
            Version,
            time.GetUtcNow(),
            [.. silos.Select(s => new SiloStatusView(s.Name, isOperator ? s.Address : null, s.Region, s.Zone, s.Status, s.StartedAt))],
            [.. frontEnds.Select(f => isOperator ? f : f with { Sessions = null })],
            [.. sessions],
            isOperator ? replicas.Now() : []));
    }
}
