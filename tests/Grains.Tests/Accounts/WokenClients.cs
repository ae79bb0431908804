using System.Diagnostics.Metrics;
using Firezone.Grains.Accounts;
using Firezone.Grains.Changes;
using Firezone.Grains.Sessions;
using Firezone.Grains.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>Which of an account's clients a change wakes, by the product's own indexes.</summary>
internal sealed class WokenClients
{
    private readonly Dictionary<(Guid Actor, bool Everyone), RecordingGrain> _grains = [];

    public WokenClients(AccountSnapshot after, AccountImpact impact, IEnumerable<(Guid Actor, bool Everyone)> clients)
    {
        var sessions = new LocalSessions();
        foreach (var client in clients)
        {
            var grain = RecordingGrain.Of(SessionKind.Client, new SessionOwner(after.Id, Guid.NewGuid(), client.Actor));
            _grains.Add(client, grain);
            sessions.Add(grain.Session);
        }

        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new GrainsMetrics(services.GetRequiredService<IMeterFactory>());
        new ChangeDispatcher(sessions, new DoubtfulSessions(), metrics).Dispatch(after, impact);
    }

    public bool Contains(Guid actor, bool everyone) => _grains[(actor, everyone)].Changes.Count > 0;
}
