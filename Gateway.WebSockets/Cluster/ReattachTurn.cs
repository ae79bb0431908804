namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>Completes when its session may be attached again.</summary>
internal sealed class ReattachTurn() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>It is one of the bounded number; false: it waits, or goes besides.</summary>
    internal bool HasPlace { get; set; }
}
