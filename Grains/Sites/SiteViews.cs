using System.Collections.Concurrent;
using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sites;
using Orleans.Runtime;

namespace Firezone.Grains.Sites;

/// <summary>
/// What this silo knows of the sites that flows go to, so that a flow need not ask its site: a busy site's one grain would be on the way of
/// every flow in the cluster. Sites say when they change; because that may be lost, and arrives a moment later, nothing is believed for
/// longer than a second, and that there is no gateway is never believed unasked. Thread-safe.
/// </summary>
public sealed class SiteViews(IGrainFactory grains, TimeProvider time) : ISiteWatcher
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, View> _views = new();
    private readonly Lock _gate = new();
    private ISiteWatcher? _reference;
    private long _cleanedAt = time.GetTimestamp();

    /// <summary>Chooses a gateway for a flow. Completes at once if the site was asked a moment ago.</summary>
    /// <exception cref="OrleansException">The site cannot be reached.</exception>
    /// <exception cref="TimeoutException">The site does not answer.</exception>
    public async ValueTask<GatewayChoice> ChooseAsync(Guid siteId, GatewayQuery query)
    {
        var view = _views.GetOrAdd(siteId, static _ => new View());
        if (view.Gateways(time) is { } known && GatewaySelector.Select(known, query, Random.Shared) is { Gateway: not null } choice)
            return choice;
        // Not as part of the grain that happens to ask: others wait for the same answer, and the watcher belongs to the silo.
        var asking = view.AskAsync(() => Task.Run(() => WatchAsync(siteId, view)));
        return GatewaySelector.Select(await asking, query, Random.Shared);
    }

    /// <inheritdoc />
    public Task OnSiteChanged(Guid siteId)
    {
        _views.GetValueOrDefault(siteId)?.Forget();
        return Task.CompletedTask;
    }

    private async Task<GatewayPresence[]> WatchAsync(Guid siteId, View view)
    {
        var question = view.Begin();
        var gateways = await grains.Find<ISiteGrain>(siteId).Watch(Reference());
        view.Learn(question, gateways, time.GetTimestamp());
        Clean();
        return gateways;
    }

    private ISiteWatcher Reference()
    {
        lock (_gate)
            return _reference ??= grains.CreateObjectReference<ISiteWatcher>(this);
    }

    /// <summary>Sites that nobody asks for any more cost nothing for long.</summary>
    private void Clean()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_cleanedAt) < Lifetime * 60)
                return;
            _cleanedAt = time.GetTimestamp();
        }

        foreach (var (site, view) in _views)
        {
            if (view.Gateways(time) is null)
                _views.TryRemove(site, out _);
        }
    }

    private sealed class View
    {
        private readonly Lock _gate = new();
        private GatewayPresence[]? _gateways;
        private long _askedAt;
        private int _question;
        private Task<GatewayPresence[]>? _asking;

        /// <summary>Null if the site has to be asked.</summary>
        public GatewayPresence[]? Gateways(TimeProvider time)
        {
            lock (_gate)
                return _gateways is not null && time.GetElapsedTime(_askedAt) < Lifetime ? _gateways : null;
        }

        /// <summary>Those who ask at the same time share the question. One that is older than a change is not shared.</summary>
        public Task<GatewayPresence[]> AskAsync(Func<Task<GatewayPresence[]>> ask)
        {
            lock (_gate)
            {
                if (_asking is null or { IsCompleted: true })
                    _asking = ask();
                return _asking;
            }
        }

        public int Begin()
        {
            lock (_gate)
                return _question;
        }

        /// <summary>Keeps an answer, unless the site has changed after the question.</summary>
        public void Learn(int question, GatewayPresence[] gateways, long now)
        {
            lock (_gate)
            {
                if (question == _question)
                    (_gateways, _askedAt) = (gateways, now);
            }
        }

        public void Forget()
        {
            lock (_gate)
            {
                _question++;
                (_gateways, _asking) = (null, null);
            }
        }
    }
}
