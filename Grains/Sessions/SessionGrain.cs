using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Gateways;
using Firezone.Storage.Postgres.Sessions;
using Orleans.Runtime;

namespace Firezone.Grains.Sessions;

/// <summary>
/// The life of a device's one live session: the newest wins, the older one is closed, and when the session ends everything that was
/// registered for it is released at once.
/// </summary>
/// <typeparam name="TTicket">The role's admission ticket.</typeparam>
/// <remarks>
/// Attach, Detach and OnFrontEndGone run one at a time. Everything else may interleave at their awaits and must look at
/// <see cref="Session"/> again after its own.
/// </remarks>
public abstract class SessionGrain<TTicket>(SessionServices services) : Grain, ISessionGrain, ISessionInspection, IGrainMigrationParticipant
    where TTicket : class
{
    /// <summary>So long an activation without a session keeps what is meant for one: its front-end needs no longer to attach it again.</summary>
    private static readonly TimeSpan ArrivalTime = TimeSpan.FromSeconds(2);

    private TaskCompletionSource? _arrival;
    private int _awaitingArrival;
    private bool _hasArrived;
    private LocalSession? _local;
    private IFrontEndObserver? _frontEnd;
    private ILocalSocket? _socket;
    private long _firstPush;
    private long _nextPush;

    /// <summary>The current session, or null.</summary>
    protected SessionRef? Session { get; private set; }

    /// <summary>The current session's ticket, set together with it.</summary>
    protected TTicket? Ticket { get; private protected set; }

    /// <summary>The current session as the silo's services see it, set together with it.</summary>
    protected LocalSession Local => _local!;

    /// <summary>What the current session's socket is reached through, set together with it.</summary>
    protected IFrontEndObserver FrontEnd => _frontEnd!;

    /// <summary>The silo's services.</summary>
    protected SessionServices Services { get; } = services;

    /// <summary>Session time.</summary>
    protected DateTimeOffset Now => Services.Time.GetUtcNow();

    /// <summary>The session's socket is closed.</summary>
    public async Task Detach(Guid sessionId)
    {
        if (Session?.SessionId == sessionId)
            await EndAsync();
        DeactivateIfUnused();
    }

    /// <inheritdoc />
    public Task OnAccountChanged()
    {
        DeactivateIfUnused();
        // Taken in any case: as long as the note lies there, nobody wakes this grain again.
        if (_local?.TakeChange() is { } since)
            ReactToChanges(since);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task OnRelaysChanged()
    {
        DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task OnDue()
    {
        DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Announce()
    {
        DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task OnVerification(bool verified)
    {
        DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task OnRevoked(Guid sessionId, CloseReason reason)
    {
        if (Session is { } session && session.SessionId == sessionId)
        {
            _ = FrontEnd.Close(sessionId, reason);
            await EndAsync();
        }

        DeactivateIfUnused();
    }

    /// <inheritdoc />
    public Task<SessionState> Inspect(Guid sessionId)
    {
        DeactivateIfUnused();
        if (Session?.SessionId != sessionId)
            return Task.FromResult(new SessionState(Services.Silo, IsAttached: false));
        return Task.FromResult(Describe(new SessionState(
            Services.Silo,
            IsAttached: true,
            Local.AttachedAt,
            Local.Owner.AccountId is { } account ? Services.Accounts.TryGet(account)?.Version : null,
            Local.HasChange,
            _nextPush - _firstPush,
            Local.ToldRelays)));
    }

    /// <inheritdoc />
    public Task OnDrained(bool force)
    {
        DeactivateIfUnused();
        // To a place that is chosen now, and known to the directory from then on: to whoever has this one in mind the next call would otherwise
        // bring the grain back.
        if (Session is not null && Services.Drained.Self && (force || !IsBusy))
            MigrateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    /// <remarks>Nothing goes along: the front-end attaches the session to the activation that it finds.</remarks>
    void IGrainMigrationParticipant.OnDehydrate(IDehydrationContext context)
    {
    }

    /// <inheritdoc />
    /// <remarks>If the front-end has gone meanwhile, nobody attaches anything.</remarks>
    void IGrainMigrationParticipant.OnRehydrate(IRehydrationContext context) => _ = LeaveUnlessAttachedAsync();

    /// <inheritdoc />
    public Task OnFrontEndGone(Guid sessionId) => Detach(sessionId);

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // As with messages, calls under way come to their end.
        LeaveSession();
        if (_local is { } local)
        {
            await local.WhenIdleAsync().WaitAsync(ArrivalTime, Services.ClusterTime, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // The session itself goes on: its front-end attaches it to the next activation.
        if (Session is { } session)
            _ = session.FrontEnd.Lost(session.SessionId);
        Forget();
        EndArrival();
    }

    /// <summary>
    /// Releases what the role has registered for the session elsewhere in the cluster. May be called again and again, outside the grain.
    /// </summary>
    protected virtual Func<Task> Withdrawal(Guid sessionId) => () => Task.CompletedTask;

    /// <summary>The session has ended, and no other one has taken its place.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <summary>Drops the role's own state of the session.</summary>
    protected virtual void ForgetState()
    {
    }

    /// <summary>
    /// The account has changed after a version in ways that concern the session. During an attach there is nothing to renew yet: it reads
    /// what is true then.
    /// </summary>
    protected virtual void ReactToChanges(long since)
    {
    }

    /// <summary>Adds what the role knows of its session.</summary>
    protected virtual SessionState Describe(SessionState state) => state;

    /// <summary>What to write into the session's row.</summary>
    protected abstract SessionDescription Describe(TTicket ticket);

    /// <summary>
    /// Ends an activation without a session. To be called wherever a message may come for a session that has gone: it has made this
    /// activation, which otherwise stays for good.
    /// </summary>
    /// <remarks>
    /// Not while another message waits for a session: an activation that is ending lets its calls finish first, and the session that they wait for
    /// would wait for them.
    /// </remarks>
    protected void DeactivateIfUnused()
    {
        if (Session is null && _awaitingArrival == 0 && !IsBusy)
            DeactivateOnIdle();
    }

    /// <summary>Whether the activation has something to finish that its end would lose.</summary>
    protected virtual bool IsBusy => false;

    /// <summary>
    /// For a message of another grain that must not be lost: if no session is attached for good, waits a little for one. After the end of a silo,
    /// messages for its sessions make new activations, and may overtake the front-end that attaches the session there.
    /// </summary>
    /// <remarks>Look at <see cref="Session"/> afterwards: it may still be missing, or be another one.</remarks>
    protected async ValueTask ArrivalAsync()
    {
        if (_hasArrived)
            return;
        _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaitingArrival++;
        await _arrival.Task.WaitAsync(ArrivalTime, Services.ClusterTime)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _awaitingArrival--;
    }

    /// <summary>
    /// For a call of the session's own front-end: whether the session is the current one. Waits for the end of an attach that is under way.
    /// </summary>
    /// <exception cref="SessionLostException">There is no session that is attached for good. Only the front-end can change that.</exception>
    protected async ValueTask<bool> HasAsync(Guid sessionId)
    {
        if (Session is not null)
            await ArrivalAsync();
        DeactivateIfUnused();
        return Session is { } session && _hasArrived ? session.SessionId == sessionId : throw new SessionLostException();
    }

    /// <summary>Whether no newer session is attached, by the database's clock at admission.</summary>
    protected bool IsNewest(SessionRef session) =>
        Session is not { } current
        || current.SessionId == session.SessionId
        || (session.OpenedAt, session.SessionId).CompareTo((current.OpenedAt, current.SessionId)) > 0;

    /// <summary>The activation is ending; what comes for the session from now on is for the next one.</summary>
    protected void LeaveSession() => _local?.Leave();

    /// <summary>Makes the session the current one and closes its predecessor.</summary>
    /// <remarks>Presence elsewhere is not withdrawn: the announcement of the new session replaces it without a gap.</remarks>
    protected void TakeOver(SessionKind kind, SessionRef session, TTicket ticket, SessionOwner owner, GrantedIds? granted = null)
    {
        if (Session is { } previous && previous.SessionId != session.SessionId)
        {
            _ = FrontEnd.Close(previous.SessionId, CloseReason.Superseded);
            Services.Rows.Closed(previous.SessionId, Now);
        }

        Forget();
        Session = session;
        Ticket = ticket;
        _frontEnd = Services.FrontEndOf(session);
        _socket = Services.SocketOf(session);
        // From the clock, so that the numbers of an activation on another silo do not look like the next ones of this.
        _firstPush = _nextPush = Math.Max(_nextPush, Now.UtcTicks) + 1;
        _local = new LocalSession(
            kind, GrainFactory.Find<ISessionGrain>(this.GetGrainId()), this.GetPrimaryKey(), session, owner, Now)
        {
            Granted = granted,
            Turn = new LocalTurn(GrainContext.Scheduler, this, Services.Logger),
        };
        Services.Sessions.Add(_local);
        var described = Describe(ticket);
        Services.Rows.Opened(new SessionRow(
            session.SessionId,
            session.FrontEndId,
            SessionKinds.Name(kind),
            owner.AccountId,
            this.GetPrimaryKey(),
            owner.TokenId,
            Services.Options.Region,
            described.RemoteIp,
            described.Version,
            session.OpenedAt));
    }

    /// <summary>Pushes to the current session.</summary>
    protected void Push(string eventName, byte[] payload, ulong viewHash = 0)
    {
        if (Session is not { } session)
            return;
        var sequence = _nextPush++;
        Local.NextPush = _nextPush;
        if (_socket is { } socket)
        {
            socket.Push(sequence, eventName, payload, viewHash);
            return;
        }

        _ = FrontEnd.Push(session.SessionId, sequence, eventName, payload, viewHash);
        Services.Pushes.Note(Local);
    }

    /// <summary>The session is current.</summary>
    protected AttachResult Attached(byte[]? init, ulong viewHash)
    {
        _hasArrived = true;
        EndArrival();
        return new(AttachStatus.Attached, init, viewHash, Services.Silo, _firstPush);
    }

    /// <summary>A newer session is attached.</summary>
    protected AttachResult Superseded() => new(AttachStatus.Superseded, null, 0, Services.Silo);

    /// <summary>The account does not exist; the session is not kept.</summary>
    protected async Task<AttachResult> GoneAsync()
    {
        await EndAsync();
        DeactivateOnIdle();
        return new(AttachStatus.Gone, null, 0, Services.Silo);
    }

    private async Task LeaveUnlessAttachedAsync()
    {
        await ArrivalAsync();
        DeactivateIfUnused();
    }

    private async Task EndAsync()
    {
        if (Session is not { } session)
            return;
        Services.Rows.Closed(session.SessionId, Now);
        Forget();
        OnEnded();
        var withdraw = Withdrawal(session.SessionId);
        try
        {
            await withdraw();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Services.Withdrawals.Repeat(withdraw);
        }
    }

    private void EndArrival()
    {
        _arrival?.TrySetResult();
        _arrival = null;
    }

    private void Forget()
    {
        if (_local is { } local)
        {
            local.Leave();
            Services.Sessions.Remove(local);
            Services.Schedule.Set(local, null);
        }

        _local = null;
        _frontEnd = null;
        _socket = null;
        _hasArrived = false;
        Session = null;
        Ticket = null;
        ForgetState();
    }
}
