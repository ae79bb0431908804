using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Hosting;
using Firezone.Grains.Status;
using Firezone.Storage.Postgres.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.FrontEnds;

/// <inheritdoc cref="IFrontEndDirectoryGrain" />
/// <remarks>
/// Leases are counted by this activation's own clock; the rows, by which another incarnation ends what a lost front-end left behind, by
/// the database's.
/// </remarks>
[KeepAlive]
public sealed partial class FrontEndDirectoryGrain(
    IClusterMembershipService membership,
    FrontEndLeases rows,
    GrainsOptions options,
    SiloRoles roles,
    [FromKeyedServices(Clock.Sessions)] TimeProvider time,
    ILogger<FrontEndDirectoryGrain> logger) : Grain, IFrontEndDirectoryGrain
{
    private const string Role = "front-end directory";

    private static readonly TimeSpan ShareLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, Entry> _alive = [];
    private DateTimeOffset _activatedAt;
    private (Guid Id, IFrontEndObserver FrontEnd)? _alone;
    private Task? _sharing;
    private bool _storing = true;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        roles.Take(Role);
        _activatedAt = time.GetUtcNow();
        var period = options.FrontEndLease / 3;
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions { DueTime = period, Period = period, Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        roles.Leave(Role);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<FrontEndLease> Renew(Guid frontEndId, string name, string region, int sessions, IFrontEndObserver? frontEnd)
    {
        if (!_alive.ContainsKey(frontEndId))
            LogJoined(name, frontEndId, region);
        _alive[frontEndId] = new Entry(name, region, sessions, time.GetUtcNow(), frontEnd);
        var active = membership.CurrentSnapshot.Members.Values
            .Where(m => m.Status is SiloStatus.Active)
            .Select(m => m.SiloAddress.ToParsableString());
        if (_alone is { } alone && alone.Id != frontEndId)
            await (_sharing ??= ShareAsync(alone.FrontEnd));
        return new FrontEndLease(options.FrontEndLease, [.. active], IsAlone(frontEndId, frontEnd));
    }

    /// <inheritdoc />
    public async Task Leave(Guid frontEndId)
    {
        if (_alone?.Id == frontEndId)
            _alone = null;
        if (_alive.Remove(frontEndId, out var entry))
            LogLeft(entry.Name, frontEndId);
        await StoreAsync(() => rows.EndAsync(frontEndId, CancellationToken.None));
    }

    /// <inheritdoc />
    public Task<FrontEndView> GetView()
    {
        DropExpired();
        return Task.FromResult(new FrontEndView(IsSettled, [.. _alive.Keys]));
    }

    /// <inheritdoc />
    public Task<FrontEndSight[]> GetReports()
    {
        DropExpired();
        var now = time.GetUtcNow();
        return Task.WhenAll(_alive.Select(async e => new FrontEndSight(
            e.Key, e.Value.Name, e.Value.Region, e.Value.Sessions, now - e.Value.RenewedAt, await AskAsync(e.Value.FrontEnd))));
    }

    /// <summary>Null, too, for one of a release that does not know the question.</summary>
    private async Task<FrontEndReport?> AskAsync(IFrontEndObserver? frontEnd)
    {
        if (frontEnd is null)
            return null;
        try
        {
            var report = frontEnd.Report();
            report.Ignore();
            return await report.WaitAsync(ReportLimit, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task<FrontEndPlace> Find(Guid frontEndId)
    {
        DropExpired();
        return Task.FromResult(new FrontEndPlace(IsSettled, _alive.GetValueOrDefault(frontEndId)?.FrontEnd));
    }

    private bool IsSettled => time.GetUtcNow() - _activatedAt > options.FrontEndLease;

    private bool IsAlone(Guid frontEndId, IFrontEndObserver? frontEnd)
    {
        if (frontEnd is null || !IsSettled || _alive.Count != 1 || !_alive.ContainsKey(frontEndId))
            return false;
        _alone = (frontEndId, frontEnd);
        return true;
    }

    /// <summary>Ends a front-end's solitude. One that does not answer is not waited for: it is dead or cut off from the cluster.</summary>
    private async Task ShareAsync(IFrontEndObserver frontEnd)
    {
        try
        {
            await frontEnd.ShareConnectRate().WaitAsync(ShareLimit, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotShared(e);
        }
        finally
        {
            _alone = null;
            _sharing = null;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        DropExpired();
        var alive = _alive.Select(e => new FrontEndLeaseRow(e.Key, e.Value.Name, e.Value.Region, e.Value.Sessions)).ToList();
        await StoreAsync(async () =>
        {
            await rows.RenewAsync(alive, cancellationToken);
            // Twice the lease: after the loss of this activation the next one needs time to hear of all that live.
            await rows.EndStaleAsync(options.FrontEndLease * 2, cancellationToken);
        });
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        foreach (var (id, entry) in _alive)
        {
            if (now - entry.RenewedAt <= options.FrontEndLease)
                continue;
            _alive.Remove(id);
            LogLost(entry.Name, id, entry.Sessions);
        }
    }

    private async Task StoreAsync(Func<Task> write)
    {
        try
        {
            await write();
            if (!_storing)
                LogStoring();
            _storing = true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (_storing)
                LogNotStoring(e);
            _storing = false;
        }
    }

    [LoggerMessage(EventId = 3401, Level = LogLevel.Information, Message = "Front-end {Name} ({FrontEndId}) has joined in region {Region}")]
    private partial void LogJoined(string name, Guid frontEndId, string region);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Information, Message = "Front-end {Name} ({FrontEndId}) has left")]
    private partial void LogLeft(string name, Guid frontEndId);

    [LoggerMessage(EventId = 3403, Level = LogLevel.Warning, Message = "Front-end {Name} ({FrontEndId}) is gone; its {Sessions} sessions end")]
    private partial void LogLost(string name, Guid frontEndId, int sessions);

    [LoggerMessage(EventId = 3404, Level = LogLevel.Warning, Message = "Front-end leases cannot be stored; they go on in memory")]
    private partial void LogNotStoring(Exception exception);

    [LoggerMessage(EventId = 3405, Level = LogLevel.Information, Message = "Front-end leases are stored again")]
    private partial void LogStoring();

    [LoggerMessage(EventId = 3406, Level = LogLevel.Information, Message = "The front-end that was alone cannot be told of another one")]
    private partial void LogNotShared(Exception exception);

    private sealed record Entry(string Name, string Region, int Sessions, DateTimeOffset RenewedAt, IFrontEndObserver? FrontEnd);
}
