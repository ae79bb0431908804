namespace Firezone.Edge.PortalClient.States;

/// <summary>The connection failed in a way that may pass; the next attempt starts by itself.</summary>
/// <param name="RetryAt">When it starts.</param>
/// <param name="Error">What went wrong, for people to read.</param>
public sealed record Hiccup(TimeSpan RetryAt, string Error) : ChannelState
{
    /// <inheritdoc/>
    public override TimeSpan? EndsAt => RetryAt;
}
