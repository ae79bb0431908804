namespace Firezone.Bench.Load;

/// <summary>What a device is.</summary>
public enum Role
{
    /// <summary>Asks for flows.</summary>
    Client,

    /// <summary>Grants flows of its site.</summary>
    Gateway,

    /// <summary>Is there, so that <c>init</c> names it.</summary>
    Relay,
}
