using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Grains.Changes;
using Firezone.Grains.Hosting;
using Firezone.Grains.Relays;
using Firezone.Grains.Sites;
using Firezone.Membership.Postgres.Placement;
using Firezone.Storage.Postgres.Behind;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Sessions;

/// <summary>What every grain that holds a session needs of its silo.</summary>
/// <param name="time">Session time.</param>
/// <param name="silo">This silo.</param>
/// <param name="options">Labels and limits.</param>
/// <param name="sessions">Where the grain is found by the silo's services.</param>
/// <param name="calls">Calls to other sessions' grains.</param>
/// <param name="schedule">Wakes the grain at an instant.</param>
/// <param name="pushes">Has front-ends look for pushes that were lost.</param>
/// <param name="drained">Whether this silo is out of service.</param>
/// <param name="accounts">Account snapshots.</param>
/// <param name="doubtful">Sessions whose credentials the database is to be asked about.</param>
/// <param name="relays">Online relays.</param>
/// <param name="sites">Online gateways.</param>
/// <param name="rows">Writes session rows.</param>
/// <param name="withdrawals">Repeats what has failed.</param>
/// <param name="logger">Of what is told to grains.</param>
/// <param name="frontEnd">The front-end in this process; null if there is none.</param>
public sealed class SessionServices(
    [FromKeyedServices(Clock.Sessions)] TimeProvider time,
    TimeProvider clusterTime,
    ILocalSiloDetails silo,
    GrainsOptions options,
    LocalSessions sessions,
    SessionCalls calls,
    SessionSchedule schedule,
    PushMarks pushes,
    DrainedSilos drained,
    AccountSnapshots accounts,
    DoubtfulSessions doubtful,
    RelayView relays,
    SiteViews sites,
    WriteBehind rows,
    Withdrawals withdrawals,
    ILogger<SessionServices> logger,
    LocalFrontEnd? frontEnd = null)
{
    /// <summary>Session time.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>For waits on the cluster itself, which also in virtual time last as long as they last.</summary>
    public TimeProvider ClusterTime { get; } = clusterTime;

    /// <summary>This silo, as named in attach results.</summary>
    public string Silo { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>Labels and limits.</summary>
    public GrainsOptions Options { get; } = options;

    /// <summary>Where the grain is found by the silo's services.</summary>
    public LocalSessions Sessions { get; } = sessions;

    /// <summary>Calls to other sessions' grains.</summary>
    public SessionCalls Calls { get; } = calls;

    /// <summary>Wakes the grain at an instant.</summary>
    public SessionSchedule Schedule { get; } = schedule;

    /// <summary>Has front-ends look for pushes that were lost.</summary>
    public PushMarks Pushes { get; } = pushes;

    /// <summary>Whether this silo is out of service.</summary>
    public DrainedSilos Drained { get; } = drained;

    /// <summary>Account snapshots.</summary>
    public AccountSnapshots Accounts { get; } = accounts;

    /// <summary>Sessions whose credentials the database is to be asked about.</summary>
    public DoubtfulSessions Doubtful { get; } = doubtful;

    /// <summary>Online relays.</summary>
    public RelayView Relays { get; } = relays;

    /// <summary>Online gateways.</summary>
    public SiteViews Sites { get; } = sites;

    /// <summary>Writes session rows.</summary>
    public WriteBehind Rows { get; } = rows;

    /// <summary>Repeats withdrawals of presence that have failed.</summary>
    public Withdrawals Withdrawals { get; } = withdrawals;

    /// <summary>Of what is told to grains.</summary>
    internal ILogger Logger { get; } = logger;

    /// <summary>Whether the session's socket is in this process.</summary>
    public bool IsHere(SessionRef session) => session.FrontEndId == frontEnd?.Id;

    /// <summary>The session's socket, if it is in this process and open.</summary>
    public ILocalSocket? SocketOf(SessionRef session) => IsHere(session) ? frontEnd!.Find(session.SessionId) : null;

    /// <summary>What the session's socket is reached through.</summary>
    public IFrontEndObserver FrontEndOf(SessionRef session) => IsHere(session) ? frontEnd!.Observer : session.FrontEnd;
}
