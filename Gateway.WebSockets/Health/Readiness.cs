namespace Firezone.Gateway.WebSockets.Health;

/// <summary>The process's state as load balancers and the upgrade checks see it. Thread-safe.</summary>
public sealed class Readiness
{
    private int _state = (int)FrontEndState.Starting;

    /// <summary>The state now.</summary>
    public FrontEndState State => (FrontEndState)Volatile.Read(ref _state);

    /// <summary>The cluster answers, or no longer does. Without effect while draining.</summary>
    public void Set(bool ready)
    {
        var (from, to) = ready
            ? (FrontEndState.Starting, FrontEndState.Ready)
            : (FrontEndState.Ready, FrontEndState.Starting);
        Interlocked.CompareExchange(ref _state, (int)to, (int)from);
    }

    /// <summary>An orderly stop begins. False if it had begun before.</summary>
    public bool BeginDraining() =>
        Interlocked.Exchange(ref _state, (int)FrontEndState.Draining) != (int)FrontEndState.Draining;
}
