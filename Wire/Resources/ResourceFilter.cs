namespace Firezone.Wire.Resources;

/// <summary>One allowed kind of traffic.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>icmp</c>; gateways drop a message that names another one.</param>
/// <param name="Ports">Items like <c>80</c> or <c>100-200</c>, blanks allowed around the numbers; empty means every port.</param>
public sealed record ResourceFilter(string Protocol, IReadOnlyList<string> Ports);
