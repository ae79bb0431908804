namespace Firezone.Gateway.WebSockets.Options;

/// <summary>Whose word is taken for a connect's real address and location headers.</summary>
public enum ForwardedHeadersTrust
{
    /// <summary>
    /// The headers count only if the TCP peer is itself a proxy: loopback, a private range, or one of
    /// <see cref="FrontEndOptions.TrustedProxies"/>. A device that connects directly cannot invent an address.
    /// </summary>
    FromProxies = 0,

    /// <summary>The headers always count. Only safe when nothing but the load balancer can reach the listener.</summary>
    Always = 1,

    /// <summary>The headers never count.</summary>
    Never = 2,
}
