namespace Firezone.Grains.Abstractions.Operations;

/// <summary>An operator wants other lines in a process's log for a while.</summary>
/// <param name="Category">Prefix of the log categories; <c>Default</c>: all that no other rule names.</param>
/// <param name="Level">The least level, as .NET names it; null takes an earlier order back.</param>
/// <param name="For">After this long it is as it was.</param>
/// <param name="By">Who wants it.</param>
[GenerateSerializer, Immutable, Alias("fz.LogLevelOrder")]
public sealed record LogLevelOrder(
    [property: Id(0)] string Category, [property: Id(1)] string? Level, [property: Id(2)] TimeSpan For, [property: Id(3)] string By);
