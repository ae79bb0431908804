using Orleans.Runtime;

namespace Firezone.Membership.Node.Running;

/// <summary>Reports every version of the membership that the silo itself goes by.</summary>
internal static class ViewObserver
{
    public static async Task RunAsync(IClusterMembershipService membership, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                var now = EventWriter.Now();
                EventWriter.Write("view", now, new
                {
                    version = snapshot.Version.Value,
                    silos = snapshot.Members.ToDictionary(m => m.Key.ToParsableString(), m => m.Value.Status.ToString()),
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
