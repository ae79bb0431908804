using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Operations;

/// <summary>
/// Gives the sessions of a silo that stops to the others, before Orleans deactivates all grains at once, in whichever order: gateways and relays first,
/// because the flows of many clients wait for each of them; then clients at a pace at which the others can attach them.
/// </summary>
/// <remarks>Orleans does the rest: what does not leave in time, and all of it when there is no other silo.</remarks>
public sealed partial class SiloHandover(
    DrainedSilos drained,
    LocalSessions sessions,
    Successors successors,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<SiloHandover> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int LeastPerStep = 25;

    /// <summary>Told to leave and still here, at any time.</summary>
    private const int Window = 256;

    /// <summary>Whose data the others have before the sessions come; of more, they read them when they come.</summary>
    private const int MostExpected = 256;

    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(2);

    /// <summary>Clients wait so long at most for gateways and relays that have not left.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>The pace is such that all have been told by then.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(6);

    /// <summary>A stop has 15 s for this, for Orleans and for the calls under way.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <inheritdoc />
    // Before anything of the silo stops: it is still a member, and others know that it leaves.
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloHandover), ServiceLifecycleStage.Active + 1, _ => Task.CompletedTask, GiveAwayAsync);

    private async Task GiveAwayAsync(CancellationToken cancellationToken)
    {
        var count = sessions.Count;
        if (count == 0 || !successors.Any)
            return;
        drained.Self = true;
        Begins(count);
        var perStep = Math.Max(LeastPerStep, count / (int)(Usual / Step));
        await ExpectAsync();
        var began = time.GetTimestamp();
        var moving = new MovingSessions(sessions, time, patience: TimeSpan.Zero);
        moving.Tell(sessions.All().Where(session => session.Kind is not SessionKind.Client));
        var isHeadStart = true;
        using var timer = new PeriodicTimer(Step, time);
        try
        {
            while (sessions.Count > 0 && successors.Any && time.GetElapsedTime(began) < Limit)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                moving.TellAgain();
                isHeadStart &= moving.Count > 0 && time.GetElapsedTime(began) < HeadStart;
                if (!isHeadStart)
                    moving.TellOthers(Math.Clamp(Window - moving.Count, 0, perStep));
            }
        }
        catch (OperationCanceledException)
        {
            // The host's own time for the stop is over.
        }

        Ends(sessions.Count);
    }

    /// <summary>A silo that has just started has read no account yet, and a gateway that comes there would wait for that.</summary>
    private async Task ExpectAsync()
    {
        Guid[] accounts = [.. sessions.All()
            .OrderBy(session => session.Kind is SessionKind.Client)
            .Select(session => session.Owner.AccountId)
            .OfType<Guid>()
            .Distinct()
            .Take(MostExpected)];
        await Task.WhenAll(successors.All.Select(silo => grains.GetGrain<INodeGrain>(silo.ToParsableString()).Expect(accounts)))
            .WaitAsync(ReadLimit, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(EventId = 3536, Level = LogLevel.Information, Message = "This silo stops; its {Sessions} sessions move to others")]
    private partial void Begins(int sessions);

    [LoggerMessage(EventId = 3537, Level = LogLevel.Information, Message = "{Sessions} sessions are left for the end of the silo")]
    private partial void Ends(int sessions);
}
