namespace Firezone.Wire.Edge;

/// <summary>One allowed kind of traffic.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>icmp</c>.</param>
/// <param name="FirstPort">0 if the portal named none.</param>
/// <param name="LastPort">Inclusive; 65535 if the portal named none.</param>
public readonly record struct ReceivedFilter(string Protocol, ushort FirstPort, ushort LastPort);
