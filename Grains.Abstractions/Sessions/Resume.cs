namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Given when a live socket is attached again because the silo of its grain has gone.</summary>
/// <param name="ViewHash">The last <see cref="AttachResult.ViewHash"/> or <c>viewHash</c> of a push that the front-end has seen.</param>
[GenerateSerializer, Immutable, Alias("fz.Resume")]
public sealed record Resume([property: Id(0)] ulong ViewHash);
