namespace Firezone.Admin.Groups;

/// <summary>What a change of members did.</summary>
/// <param name="Added">How many joined.</param>
/// <param name="Removed">How many left.</param>
/// <param name="MemberCount">How many there are now.</param>
public sealed record MembersChange(int Added, int Removed, int MemberCount);
