using System.Security.Cryptography;

namespace Firezone.Edge.Simulation;

/// <summary>Keys that look like WireGuard public keys. Nobody holds the private half: simulated devices move no packets.</summary>
internal static class WireGuardKey
{
    public static string Random() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
