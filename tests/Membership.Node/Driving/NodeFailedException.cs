namespace Firezone.Membership.Node.Driving;

/// <summary>A node did not do what was waited for; the message has what it said.</summary>
public sealed class NodeFailedException(string message) : Exception(message);
