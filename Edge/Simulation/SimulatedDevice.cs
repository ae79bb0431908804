using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Microsoft.Extensions.Logging;

namespace Firezone.Edge.Simulation;

/// <summary>A device without a data plane: it speaks with the portal like a real one and remembers what it hears.</summary>
public abstract class SimulatedDevice : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<PortalFatal?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PortalChannel _channel;
    private Task _running = Task.CompletedTask;
    private volatile string? _lastError;

    /// <summary>Makes a device that does nothing before <see cref="Start"/>.</summary>
    protected SimulatedDevice(string name, PortalChannelOptions options, SimulationServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Name = name;
        Services = services;
        _channel = new PortalChannel(options, services.Time, services.Loggers.CreateLogger<PortalChannel>());
    }

    /// <summary>The device's name in the transcript.</summary>
    public string Name { get; }

    /// <summary>Completes when the channel has ended; null unless an error ended it.</summary>
    public Task<PortalFatal?> Ended => _ended.Task;

    private protected SimulationServices Services { get; }

    /// <summary>Connects; once.</summary>
    public void Start() => _running = Task.WhenAll(RunAsync(), ListenAsync());

    /// <summary>Abandons the socket and connects anew.</summary>
    public void Reconnect(string? newPublicKey = null) => _channel.Reconnect(newPublicKey);

    /// <summary>Closes the channel with a Close frame.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Handles one push; must not block.</summary>
    protected abstract void OnMessage(PortalMessage message);

    /// <summary>
    /// Waits for something the portal should cause.
    /// </summary>
    /// <exception cref="SimulationException">It did not come in time, or the channel ended.</exception>
    private protected async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> wait, string forWhat, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(Services.Patience, Services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        var waiting = wait(either.Token);
        if (await Task.WhenAny(waiting, Ended) != waiting)
        {
            await either.CancelAsync();
            var fatal = await Ended;
            throw new SimulationException($"The {Name} waited for {forWhat}, but its channel ended: {fatal?.Detail ?? "closed"}");
        }

        try
        {
            return await waiting;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SimulationException($"The {Name} waited {Services.Patience.TotalSeconds:0.#} s for {forWhat}, in vain."
                + (_lastError is null ? "" : $" Its last hiccup: {_lastError}"));
        }
    }

    /// <summary>Sends a message; the detail is for the transcript.</summary>
    private protected void Send(string eventName, byte[] payload, string detail)
    {
        Services.Transcript.Write(Name, TranscriptKind.Sent, eventName, detail);
        var outcome = _channel.TrySend(eventName, payload);
        if (outcome is not (SendOutcome.Accepted or SendOutcome.Duplicate))
            Services.Transcript.Write(Name, TranscriptKind.Note, "not sent", $"{eventName}: {outcome}");
    }

    private protected void Heard(PortalMessage message, string detail) =>
        Services.Transcript.Write(Name, TranscriptKind.Received, message.Event, detail);

    private async Task RunAsync()
    {
        try
        {
            _ended.TrySetResult(await _channel.RunAsync(_stop.Token));
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
    }

    private async Task ListenAsync()
    {
        await foreach (var portalEvent in _channel.ReadEventsAsync())
        {
            switch (portalEvent)
            {
                case PortalMessage message:
                    OnMessage(message);
                    break;
                case PortalJoined joined:
                    Services.Transcript.Write(Name, TranscriptKind.Note, "joined", $"on socket {joined.Attempt}");
                    break;
                case PortalHiccup hiccup:
                    _lastError = hiccup.Error;
                    Services.Transcript.Write(Name, TranscriptKind.Note, "hiccup",
                        $"{hiccup.Error} Next attempt in {hiccup.Delay.TotalSeconds:0.##} s");
                    break;
                case PortalFatal fatal:
                    Services.Transcript.Write(Name, TranscriptKind.Note, "ended", $"{fatal.Reason}: {fatal.Detail}");
                    break;
                case PortalReply { Ok: false } reply:
                    Services.Transcript.Write(Name, TranscriptKind.Received, "error reply",
                        $"to {reply.Request}: {System.Text.Encoding.UTF8.GetString(reply.Response.Span)}");
                    break;
            }
        }
    }
}
