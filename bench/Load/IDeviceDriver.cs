namespace Firezone.Bench.Load;

/// <summary>Drives devices and is told, on the thread that drives them, what comes of it.</summary>
internal interface IDeviceDriver
{
    /// <summary>Room for a frame that is made and sent at once.</summary>
    Span<byte> Scratch { get; }

    /// <summary>An <c>init</c> arrived; the end of the connect is told next.</summary>
    void OnInit(Device device, int bytes);

    /// <summary>What the device waited for has come, or has not: then its socket may be gone.</summary>
    void OnCompleted(Device device, string? error);

    /// <summary>The reply to a heartbeat that it sent besides.</summary>
    void OnBeat(Device device, TimeSpan latency);

    /// <summary>A socket ended that waited for nothing.</summary>
    void OnLost(Device device, string error);

    /// <summary>A message that was not asked for.</summary>
    void OnPush(Device device, ReadOnlySpan<byte> eventName);

    /// <summary>False if the device is not to come again.</summary>
    bool OnRefused(Device device, Refusal refusal);
}
