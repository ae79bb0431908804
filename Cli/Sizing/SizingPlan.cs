namespace Firezone.Cli.Sizing;

/// <summary>What load is made.</summary>
/// <param name="Clients">How many clients connect.</param>
/// <param name="Gateways">How many gateways share their flows.</param>
/// <param name="ConnectRate">Connects per second.</param>
/// <param name="FlowRate">Flows per second, once all are connected; none if it is zero.</param>
/// <param name="HeartbeatInterval">How often every client sends a heartbeat.</param>
/// <param name="Duration">How long the flows last.</param>
internal sealed record SizingPlan(
    int Clients, int Gateways, double ConnectRate, double FlowRate, TimeSpan HeartbeatInterval, TimeSpan Duration)
{
    private const int MostTokens = 60;

    /// <summary>
    /// How many client tokens it takes: a portal lets one in per second from an address, and only this machine has more addresses than one.
    /// </summary>
    public int Tokens(bool loopback) => loopback ? 1 : Math.Min(MostTokens, Math.Min(Clients, (int)Math.Ceiling(ConnectRate)));
}
