namespace Firezone.Wire.Versions;

/// <summary>What a gateway is told of a client's user agent. All three are set or none.</summary>
/// <param name="Name">Operating system, may contain blanks.</param>
/// <param name="Version">Its version up to the first blank.</param>
/// <param name="ClientVersion">The program's version.</param>
public readonly record struct ClientOs(string? Name, string? Version, string? ClientVersion);
