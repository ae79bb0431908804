using System.Diagnostics;
using System.Threading.Channels;
using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>Keeps the calls in their order: "up", "up with lock", "down" or the signal's payload.</summary>
internal sealed class RecordingHandler : ISignalHandler
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<(string Call, long At)> _calls = Channel.CreateUnbounded<(string, long)>();

    public bool Throws { get; set; }

    public void OnUp(bool holdsLock) => Add(holdsLock ? "up with lock" : "up");

    public void OnDown() => Add("down");

    public void OnSignal(Signal signal) => Add(SignalCodec.Encode(signal));

    /// <summary>When the call that <see cref="NextAsync"/> gave last came, as <see cref="Stopwatch.GetTimestamp"/>: a test may go on later.</summary>
    public long At { get; private set; }

    public async Task<string> NextAsync()
    {
        (var call, At) = await _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        return call;
    }

    public bool IsEmpty => !_calls.Reader.TryPeek(out _);

    private void Add(string call)
    {
        _calls.Writer.TryWrite((call, Stopwatch.GetTimestamp()));
        if (Throws)
            throw new InvalidOperationException("handler");
    }
}
