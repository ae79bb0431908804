namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>
/// The living front-ends of the cluster. One activation, key 0. A front-end renews its lease every third of
/// <see cref="FrontEndLease.Duration"/>; when it stops, the sessions it held end everywhere. No call waits behind another: a renewal
/// that stood in line while the database does not answer would cost a lease.
/// </summary>
[Alias("fz.IFrontEndDirectoryGrain")]
public interface IFrontEndDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Takes or renews the lease of a front-end.</summary>
    /// <param name="frontEndId">Unique per process.</param>
    /// <param name="name">For people.</param>
    /// <param name="region">Its region label.</param>
    /// <param name="sessions">Its open sockets.</param>
    /// <param name="frontEnd">Its observer; without one it is never told that it is alone.</param>
    [AlwaysInterleave, Alias("Renew")]
    Task<FrontEndLease> Renew(Guid frontEndId, string name, string region, int sessions, IFrontEndObserver? frontEnd = null);

    /// <summary>Gives the lease up at an orderly stop, after the sockets are closed.</summary>
    [AlwaysInterleave, Alias("Leave")]
    Task Leave(Guid frontEndId);

    /// <summary>Where a front-end whose lease is running can be reached.</summary>
    [AlwaysInterleave, Alias("Find")]
    Task<FrontEndPlace> Find(Guid frontEndId);

    /// <summary>The front-ends whose lease is running.</summary>
    [AlwaysInterleave, Alias("GetView")]
    Task<FrontEndView> GetView();

    /// <summary>The same with what each of them reports. One call to each, at the same time; none is waited for longer than a second.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetReports")]
    Task<FrontEndSight[]> GetReports();
}
