using Firezone.Admin.Problems;
using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Operations;

/// <summary>The way from a request to one process of the cluster.</summary>
public sealed class Nodes(IGrainFactory grains)
{
    private const int MostNamed = 50;

    private readonly long _key = Random.Shared.NextInt64();

    internal IOperationsGrain Grain => grains.GetGrain<IOperationsGrain>(_key);

    /// <summary>What the process answered.</summary>
    /// <exception cref="ProblemException">There is no such process, or it does not answer.</exception>
    internal async Task<T> AskAsync<T>(string kind, string id, Func<IOperationsGrain, Task<NodeAnswer<T>>> ask, CancellationToken ct)
    {
        var answer = await ask(Grain).WaitAsync(ct);
        return answer.Reach switch
        {
            NodeReach.Answered => answer.Value!,
            NodeReach.Unknown => throw new ProblemException(Problem.NotFound with { Detail = await KnownAsync(kind, id, ct) }),
            _ => throw new ProblemException(Problem.Silent($"The {kind} {id} does not answer.")),
        };
    }

    private async Task<string> KnownAsync(string kind, string id, CancellationToken ct)
    {
        var nodes = await Grain.GetNodes().WaitAsync(ct);
        string[] known =
        [
            .. kind == "front-end" ? [] : nodes.Silos,
            .. kind == "silo" ? [] : nodes.FrontEnds.Select(frontEnd => frontEnd.ToString()),
        ];
        var more = known.Length > MostNamed ? $" and {known.Length - MostNamed} more" : "";
        return $"There is no {kind} {id}. Known: {string.Join(", ", known.Take(MostNamed))}{more}.";
    }
}
