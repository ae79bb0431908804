using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Gateway.WebSockets.Tests.Support;

internal sealed class FakeDirectoryGrain : IFrontEndDirectoryGrain
{
    internal Calls<int> Renewals { get; } = new();

    internal Calls<Guid> Leaves { get; } = new();

    internal string[] ActiveSilos { get; set; } = [FakeDevice.Silo];

    internal TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(15);

    internal Exception? Failure { get; set; }

    /// <summary>Whether a front-end is told that no other one is there.</summary>
    internal bool Alone { get; set; }

    /// <summary>Observer of the front-end that has renewed last.</summary>
    internal IFrontEndObserver? FrontEnd { get; private set; }

    /// <summary>Runs before a renewal is answered.</summary>
    internal Func<Task> OnRenew { get; set; } = () => Task.CompletedTask;

    public async Task<FrontEndLease> Renew(Guid frontEndId, string name, string region, int sessions, IFrontEndObserver? frontEnd)
    {
        FrontEnd = frontEnd;
        Renewals.Add(sessions);
        await OnRenew();
        return Failure is { } failure ? throw failure : new FrontEndLease(Duration, ActiveSilos, Alone);
    }

    public Task Leave(Guid frontEndId)
    {
        Leaves.Add(frontEndId);
        return Task.CompletedTask;
    }

    public Task<FrontEndPlace> Find(Guid frontEndId) => Task.FromResult(new FrontEndPlace(true, FrontEnd));

    public Task<FrontEndView> GetView() => Task.FromResult(new FrontEndView(true, []));

    public Task<FrontEndSight[]> GetReports() => Task.FromResult<FrontEndSight[]>([]);
}
