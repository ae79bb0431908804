namespace Firezone.Wire.Errors;

/// <summary>Payload of the <c>disconnect</c> push.</summary>
public static class Disconnect
{
    /// <summary>
    /// The peer behaves as after a 401: clients sign out, gateways and relays exit. The only reason that native peers know.
    /// </summary>
    public static ReadOnlyMemory<byte> TokenExpired { get; } = "{\"reason\":\"token_expired\"}"u8.ToArray();
}
