using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Listing;

/// <summary>What every list takes.</summary>
public abstract class ListQuery
{
    private const int DefaultLimit = 50;
    private const int MaxIds = 100;

    /// <summary>How many items at most.</summary>
    [FromQuery(Name = "limit"), Range(1, 100)]
    public int? Limit { get; init; }

    /// <summary>Where to go on: <c>next_cursor</c> of the answer before.</summary>
    [FromQuery(Name = "cursor"), MaxLength(100)]
    public string? Cursor { get; init; }

    /// <summary>Only these.</summary>
    [FromQuery(Name = "id"), MaxLength(MaxIds)]
    public Guid[]? Id { get; init; }

    /// <summary>The limit that counts.</summary>
    internal int Count() => Limit switch
    {
        null => DefaultLimit,
        >= 1 and <= 100 => Limit.Value,
        _ => throw ProblemException.Invalid("limit", "must be between 1 and 100"),
    };
}
