using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Validation;

/// <summary>A short name of an account, as it stands in addresses.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SlugAttribute() : RegularExpressionAttribute("^[a-z][a-z0-9_-]{2,62}$")
{
    /// <inheritdoc />
    public override string FormatErrorMessage(string name) => "must be 3 to 63 of a-z, 0-9, _ and -, beginning with a letter";
}
