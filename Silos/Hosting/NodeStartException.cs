namespace Firezone.Silos.Hosting;

/// <summary>The node cannot start for a reason that the operator can mend; the message is one line that says how.</summary>
public sealed class NodeStartException(string message, Exception? inner = null) : Exception(message, inner);
