namespace Firezone.Grains.Abstractions.Operations;

/// <summary>The log levels of one process.</summary>
/// <param name="Kind"><c>silo</c> or <c>front_end</c>.</param>
/// <param name="Id">A silo's name, or a front-end's id.</param>
/// <param name="Reach">Whether it has answered.</param>
/// <param name="Overrides">What is not as configured.</param>
[GenerateSerializer, Immutable, Alias("fz.NodeLogLevels")]
public sealed record NodeLogLevels(
    [property: Id(0)] string Kind, [property: Id(1)] string Id, [property: Id(2)] NodeReach Reach, [property: Id(3)] LogLevelOverride[] Overrides);
