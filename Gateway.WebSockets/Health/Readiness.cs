namespace Firezone.Gateway.WebSockets.Health;

/// <summary>The process's state as load balancers and the upgrade checks see it. Thread-safe.</summary>
public sealed class Readiness
{
    private const int Reached = 1;
    private const int Held = 2;
    private const int Stopping = 4;

    private int _facts;

    /// <summary>The state now.</summary>
    public FrontEndState State
    {
        get
        {
            var facts = Volatile.Read(ref _facts);
            return (facts & Stopping) != 0 ? FrontEndState.Draining
                : (facts & Held) != 0 ? FrontEndState.Held
                : (facts & Reached) != 0 ? FrontEndState.Ready
                : FrontEndState.Starting;
        }
    }

    /// <summary>The cluster answers, or no longer does. Does not show while draining or held.</summary>
    public void Set(bool ready) => Note(Reached, ready);

    /// <summary>An operator takes the process out of service, or back into it.</summary>
    public void Hold(bool on) => Note(Held, on);

    /// <summary>An orderly stop begins. False if it had begun before.</summary>
    public bool BeginDraining() => (Interlocked.Or(ref _facts, Stopping) & Stopping) == 0;

    private void Note(int fact, bool holds)
    {
        if (holds)
            Interlocked.Or(ref _facts, fact);
        else
            Interlocked.And(ref _facts, ~fact);
    }
}
