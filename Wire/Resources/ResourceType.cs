namespace Firezone.Wire.Resources;

/// <summary>The kind of a resource as stored. <see cref="Ip"/> never appears on the wire: it is sent as a network of one address.</summary>
public enum ResourceType
{
    /// <summary>A domain pattern.</summary>
    Dns = 0,

    /// <summary>A network.</summary>
    Cidr = 1,

    /// <summary>A single address.</summary>
    Ip = 2,

    /// <summary>Everything else; one per account, without name, address and filters.</summary>
    Internet = 3,
}
