namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>Something with a descriptor that a <see cref="PollingLoop"/> watches.</summary>
internal interface IPolled
{
    /// <summary>Something has happened, or may have. On the loop's thread: must not block.</summary>
    /// <param name="events">Bits of <see cref="LinuxCalls"/>.</param>
    void OnEvents(uint events);
}
