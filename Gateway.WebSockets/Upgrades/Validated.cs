namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Connection parameters, or what is wrong with them. Exactly one is set.</summary>
internal readonly record struct Validated<T>(T? Value, string? Invalid)
    where T : class
{
    public static implicit operator Validated<T>(T value) => new(value, null);

    internal static Validated<T> Failed(string invalid) => new(null, invalid);
}
