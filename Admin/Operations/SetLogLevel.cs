using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Operations;

/// <summary>Another log level for a while.</summary>
public sealed record SetLogLevel
{
    /// <summary>Prefix of the log categories, e.g. <c>Firezone.Grains</c>; <c>Default</c>: all that no other rule names.</summary>
    [Required, RegularExpression(CategoryPattern, ErrorMessage = CategoryMessage)]
    public string? Category { get; init; }

    /// <summary>The least level.</summary>
    [Required, OneOf("trace", "debug", "information", "warning", "error", "critical", "none")]
    public string? Level { get; init; }

    /// <summary>Seconds after which it is as it was; 900 unless given.</summary>
    [Range(1, 86_400, ErrorMessage = "must be 1 to 86400 seconds")]
    public int For { get; init; } = 900;

    internal const string CategoryPattern = @"^[A-Za-z0-9_.+`]{1,200}$";

    internal const string CategoryMessage = "must be a category or the beginning of one: 1 to 200 letters, digits and dots";
}
