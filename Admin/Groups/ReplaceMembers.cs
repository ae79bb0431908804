using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Groups;

/// <summary>Who is to be in a group, and nobody else.</summary>
public sealed record ReplaceMembers
{
    /// <summary>Actors of the account.</summary>
    [Required, MaxLength(MemberEndpoints.MaxActors)]
    public Guid[] ActorIds { get; init; } = null!;
}
