using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Validation;

/// <summary>A text that people read: a bounded length, not blank, no control characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int maximumLength)
        : base(maximumLength) => MinimumLength = 1;

    /// <inheritdoc />
    public override bool IsValid(object? value) =>
        value is not string text || (base.IsValid(value) && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl));

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) => $"must be 1 to {MaximumLength} characters, not blank and without control characters";
}
