namespace Firezone.Grains.Abstractions.Relays;

/// <summary>One consistent list of the online relays.</summary>
/// <param name="Incarnation">Changes when the directory's activation is lost and built anew.</param>
/// <param name="Version">Grows by one per change within an incarnation.</param>
/// <param name="Settled">
/// False while the incarnation is young: relays that are missing may only not have been announced again yet, so a holder may add from
/// this view but not remove.
/// </param>
/// <param name="Relays">The online relays, in no order.</param>
[GenerateSerializer, Immutable, Alias("fz.RelayDirectoryView")]
public sealed record RelayDirectoryView(
    [property: Id(0)] Guid Incarnation,
    [property: Id(1)] long Version,
    [property: Id(2)] bool Settled,
    [property: Id(3)] RelayPresence[] Relays);
