using System.Threading.Channels;
using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>Keeps the calls in their order: "up", "up with lock", "down" or the signal's payload.</summary>
internal sealed class RecordingHandler : ISignalHandler
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();

    public bool Throws { get; set; }

    public void OnUp(bool holdsLock) => Add(holdsLock ? "up with lock" : "up");

    public void OnDown() => Add("down");

    public void OnSignal(Signal signal) => Add(SignalCodec.Encode(signal));

    public async Task<string> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public bool IsEmpty => !_calls.Reader.TryPeek(out _);

    private void Add(string call)
    {
        _calls.Writer.TryWrite(call);
        if (Throws)
            throw new InvalidOperationException("handler");
    }
}
