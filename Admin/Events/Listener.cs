using System.Threading.Channels;
using Firezone.Admin.Authentication;

namespace Firezone.Admin.Events;

/// <summary>A reader of an account's events. What it does not read in time ends it: memory is bounded, and gaps are not hidden.</summary>
internal sealed class Listener(Caller caller, string[] kinds)
{
    private const int Capacity = 1000;

    private readonly Channel<(string Name, string Json)> _channel =
        Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Whose events.</summary>
    public Guid AccountId { get; } = caller.AccountId ?? throw new InvalidOperationException("An operator has no account.");

    /// <summary>Has to stay good.</summary>
    public Guid TokenId { get; } = caller.TokenId;

    /// <summary>It has been told that events follow.</summary>
    public bool Ready { get; private set; }

    /// <summary>Why it ended, once it has.</summary>
    public string? EndReason { get; private set; }

    /// <summary>To be sent.</summary>
    public ChannelReader<(string Name, string Json)> Events => _channel.Reader;

    /// <summary>From now on it gets every event.</summary>
    public void Begin(string json)
    {
        Ready = true;
        Send("ready", json);
    }

    /// <summary>Adds an event if the listener wants its kind.</summary>
    public void Offer(AccountEvent one)
    {
        if (Ready && one.AccountId == AccountId && (kinds.Length == 0 || kinds.Contains(one.Kind)))
            Send(one.Name, one.Json);
    }

    /// <summary>Adds something that every listener gets.</summary>
    public void Send(string name, string json)
    {
        if (!_channel.Writer.TryWrite((name, json)))
            End("lagging");
    }

    /// <summary>No more events; the first reason counts.</summary>
    public void End(string reason)
    {
        EndReason ??= reason;
        _channel.Writer.TryComplete();
    }
}
