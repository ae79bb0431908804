namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Traffic that a resource lets through.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>icmp</c>.</param>
/// <param name="Ports">Single ports (<c>443</c>) and ranges (<c>100 - 200</c>); empty means all.</param>
public sealed record FilterRow(string Protocol, string[] Ports);
