namespace Firezone.Grains.Abstractions.Operations;

/// <summary>A log level that is not the configured one at present.</summary>
/// <param name="Category">Prefix of the log categories.</param>
/// <param name="Level">The least level.</param>
/// <param name="Until">When it ends by itself, by the process's clock.</param>
/// <param name="By">Who wanted it.</param>
[GenerateSerializer, Immutable, Alias("fz.LogLevelOverride")]
public sealed record LogLevelOverride(
    [property: Id(0)] string Category, [property: Id(1)] string Level, [property: Id(2)] DateTimeOffset Until, [property: Id(3)] string By);
