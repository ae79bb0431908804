using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Operations;

/// <summary>No other log level any more.</summary>
public sealed record ResetLogLevel
{
    /// <summary>As it was given.</summary>
    [Required, RegularExpression(SetLogLevel.CategoryPattern, ErrorMessage = SetLogLevel.CategoryMessage)]
    public string? Category { get; init; }
}
