namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// Whether one direction of a socket may be worth a try, between who tries and the loop that is told only of changes. Who tries clears it
/// before the try, so that a change during the try is not missed. A mutable structure: not to be copied.
/// </summary>
internal struct ReadySignal
{
    private const int Idle = 0, Ready = 1, Waiting = 2;

    private int _state;

    /// <summary>A try may succeed.</summary>
    internal bool IsSet => Volatile.Read(ref _state) == Ready;

    /// <summary>Before a try.</summary>
    internal void Clear() => Interlocked.Exchange(ref _state, Idle);

    /// <summary>After a try that may not have taken all, by who tried.</summary>
    internal void Set() => Volatile.Write(ref _state, Ready);

    /// <summary>After a try in vain: waits for the next change. False: there has been one, try again.</summary>
    internal bool TryWait() => Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle;

    /// <summary>Waits although a try may succeed: somebody will call <see cref="Change"/>.</summary>
    internal void Wait() => Interlocked.Exchange(ref _state, Waiting);

    /// <summary>There was a change. True: somebody waited, and it is for the caller to go on in its place.</summary>
    internal bool Change() => Interlocked.Exchange(ref _state, Ready) == Waiting;

    /// <summary>Takes the place of who waits, without a change. False: nobody waits, or another was first.</summary>
    internal bool TryTakeOver() => Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting;
}
