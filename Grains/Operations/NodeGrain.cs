using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Accounts;

namespace Firezone.Grains.Operations;

/// <inheritdoc cref="INodeGrain" />
[OnSilo]
public sealed class NodeGrain(ILogLevels levels, SiloDrain drain, AccountSnapshots accounts) : Grain, INodeGrain
{
    /// <inheritdoc />
    public Task<DrainState> Drain(DrainOrder order) => Task.FromResult(drain.Begin(order));

    /// <inheritdoc />
    public Task<DrainState> Resume(string by) => Task.FromResult(drain.Resume(by));

    /// <inheritdoc />
    public Task<DrainState> GetDrain() => Task.FromResult(drain.Describe());

    /// <inheritdoc />
    public Task Expect(Guid[] accountIds) => Parallel.ForEachAsync(
        accountIds,
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (account, _) => await accounts.GetAsync(account, minimumVersion: 0));

    /// <inheritdoc />
    public Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order)
    {
        levels.Set(order);
        return GetLogLevels();
    }

    /// <inheritdoc />
    public Task<LogLevelOverride[]> GetLogLevels() => Task.FromResult(levels.List());
}
