namespace Firezone.Membership.Postgres.Detection;

/// <summary>The membership table as one silo sees it.</summary>
/// <param name="Version">Version of the table; grows with every change of a status.</param>
/// <param name="Members">Every row, dead ones too. Not changed after it was handed over.</param>
public sealed record MemberView(int Version, IReadOnlyDictionary<SiloId, MemberStatus> Members);
