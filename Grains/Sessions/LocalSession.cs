using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Gateways;
using Firezone.Grains.Sites;

namespace Firezone.Grains.Sessions;

/// <summary>A session whose grain is active on this silo, as the silo's services see it.</summary>
/// <param name="kind">The role.</param>
/// <param name="grain">The grain that holds the session.</param>
/// <param name="grainKey">Its key: the device's or relay's id.</param>
/// <param name="session">The session.</param>
/// <param name="owner">The account, token and actor behind it.</param>
/// <param name="attachedAt">By this silo's clock.</param>
public sealed class LocalSession(
    SessionKind kind,
    ISessionGrain grain,
    Guid grainKey,
    SessionRef session,
    SessionOwner owner,
    DateTimeOffset attachedAt)
{
    private const long NoChange = long.MaxValue;

    private volatile Guid[]? _toldRelays;
    private long _changedSince = NoChange;
    private long _nextPush;
    private int _isMarked;
    private volatile bool _hasLeft;
    private int _callsUnderWay;
    private TaskCompletionSource? _idle;

    /// <summary>The role.</summary>
    public SessionKind Kind { get; } = kind;

    /// <summary>The grain that holds the session.</summary>
    public ISessionGrain Grain { get; } = grain;

    /// <summary>The device's or relay's id.</summary>
    public Guid GrainKey { get; } = grainKey;

    /// <summary>The session.</summary>
    public SessionRef Session { get; } = session;

    /// <summary>The session's id.</summary>
    public Guid SessionId => Session.SessionId;

    /// <summary>Where its socket is.</summary>
    public Guid FrontEndId => Session.FrontEndId;

    /// <summary>The account, token and actor behind it.</summary>
    public SessionOwner Owner { get; } = owner;

    /// <summary>By this silo's clock.</summary>
    public DateTimeOffset AttachedAt { get; } = attachedAt;

    /// <summary>What a gateway's grants rest on; null for others. Set by the grain only.</summary>
    public GrantedIds? Granted { get; init; }

    /// <summary>Runs what the session is told in its grain; null: by calls to the grain.</summary>
    internal LocalTurn? Turn { get; init; }

    /// <summary>What a gateway tells its site, from before it does; null for others. Under the lock of <see cref="LocalSessions"/>.</summary>
    internal PresentGateway? Present { get; set; }

    /// <summary>The relays that the device has been told, null for relays. Written by the grain only, read by any thread.</summary>
    public Guid[]? ToldRelays
    {
        get => _toldRelays;
        set => _toldRelays = value;
    }

    /// <summary>The number of the session's next push. Written by the grain only, read by any thread.</summary>
    public long NextPush
    {
        get => Volatile.Read(ref _nextPush);
        set => Volatile.Write(ref _nextPush, value);
    }

    /// <summary>Whether a change is noted that the grain has not taken yet.</summary>
    public bool HasChange => Volatile.Read(ref _changedSince) != NoChange;

    /// <summary>
    /// Notes that the account has changed after <paramref name="version"/> in a way that concerns the session. Calls to the grain may
    /// overtake each other; the note keeps the earliest version, so that none is missed.
    /// </summary>
    /// <returns>True if nothing was noted before: the grain has to be woken.</returns>
    public bool Note(long version)
    {
        var seen = Volatile.Read(ref _changedSince);
        while (version < seen)
        {
            var before = Interlocked.CompareExchange(ref _changedSince, version, seen);
            if (before == seen)
                return seen == NoChange;
            seen = before;
        }

        return false;
    }

    /// <summary>The activation takes no calls for the session any more: it is ending, or has another session. In a turn of it; for good.</summary>
    internal void Leave() => _hasLeft = true;

    /// <summary>A call begins, in a turn of the activation. False: it has left, so that the call is for wherever the session is now.</summary>
    internal bool TryEnter()
    {
        if (_hasLeft)
            return false;
        _callsUnderWay++;
        return true;
    }

    /// <summary>A call that has entered ends, in a turn of the activation.</summary>
    internal void Exit()
    {
        if (--_callsUnderWay == 0)
            _idle?.TrySetResult();
    }

    /// <summary>Completes when no call is under way. In a turn of the activation, when it has left.</summary>
    internal Task WhenIdleAsync()
    {
        if (_callsUnderWay == 0)
            return Task.CompletedTask;
        _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _idle.Task;
    }

    /// <summary>Whether the session can be asked as such a grain.</summary>
    internal bool Takes<TGrain>()
        where TGrain : class => !_hasLeft && Turn is { Activation: TGrain };

    /// <summary>Asks the grain by a turn of its activation, or <paramref name="elsewhere"/> if the session has left it by then.</summary>
    internal Task<T> Ask<TGrain, T>(TGrain elsewhere, string method, Func<TGrain, Task> call)
        where TGrain : class => Turn!.Ask<TGrain, T>(this, elsewhere, method, call);

    /// <summary>Tells the grain something that may interleave with its calls. Returns at once.</summary>
    public void Tell(Func<ISessionGrain, Task> what)
    {
        if (Turn is { } turn)
            turn.Run(what);
        else
            _ = what(Grain);
    }

    /// <returns>False if it is marked already.</returns>
    internal bool TryMark() => Volatile.Read(ref _isMarked) == 0 && Interlocked.Exchange(ref _isMarked, 1) == 0;

    /// <summary>From now on it may be marked again.</summary>
    internal void Unmark() => Interlocked.Exchange(ref _isMarked, 0);

    /// <summary>The version that the noted changes follow, once; null if there is none.</summary>
    public long? TakeChange()
    {
        var since = Interlocked.Exchange(ref _changedSince, NoChange);
        return since == NoChange ? null : since;
    }
}
