using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Groups;

/// <summary>Who joins and who leaves a group.</summary>
public sealed record UpdateMembers
{
    /// <summary>Actors of the account; those that are in already stay.</summary>
    [MaxLength(MemberEndpoints.MaxActors)]
    public Guid[]? Add { get; init; }

    /// <summary>Those that are not in are no error.</summary>
    [MaxLength(MemberEndpoints.MaxActors)]
    public Guid[]? Remove { get; init; }
}
