namespace Firezone.Grains.Abstractions.Relays;

/// <summary>A relay's stamp secret on its way to the relay's grain. A type of its own because a failed call's arguments may be printed.</summary>
/// <param name="Value">1–256 characters, opaque. Never logged.</param>
[GenerateSerializer, Immutable, Alias("fz.StampSecret")]
public sealed record StampSecret([property: Id(0)] string Value)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => "stamp secret";
}
