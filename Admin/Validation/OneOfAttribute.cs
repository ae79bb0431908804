using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Validation;

/// <summary>One of these texts; whether null is fine is said by <see cref="RequiredAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] texts) : ValidationAttribute
{
    /// <summary>What there is to choose from.</summary>
    public string[] Texts { get; } = texts;

    /// <inheritdoc />
    public override bool IsValid(object? value) => value is null || (value is string text && Texts.Contains(text));

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) => $"must be {string.Join(" or ", Texts)}";
}
