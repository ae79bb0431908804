namespace Firezone.Grains.Abstractions.Operations;

/// <summary>How far a process is on its way out of service.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Remaining">Sessions that it still has.</param>
/// <param name="AtStart">Sessions that it had when the drain began; 0 in service.</param>
/// <param name="Since">When the drain began, by the process's clock; null in service.</param>
/// <param name="Until">When the last session is to be gone.</param>
/// <param name="By">Who wanted it.</param>
[GenerateSerializer, Immutable, Alias("fz.DrainState")]
public sealed record DrainState(
    [property: Id(0)] DrainPhase Phase,
    [property: Id(1)] int Remaining,
    [property: Id(2)] int AtStart = 0,
    [property: Id(3)] DateTimeOffset? Since = null,
    [property: Id(4)] DateTimeOffset? Until = null,
    [property: Id(5)] string? By = null);
