namespace Firezone.Edge.Simulation;

/// <summary>Makes ICE candidates that look real and can be told apart. Their addresses are from documentation ranges.</summary>
internal static class Candidates
{
    /// <summary>A host and a server-reflexive candidate that no other call returns.</summary>
    public static string[] Next(ref int counter, bool ofGateway)
    {
        var number = Interlocked.Increment(ref counter);
        var network = ofGateway ? "198.51.100" : "192.0.2";
        return
        [
            $"candidate:{number} 1 udp 2130706431 {network}.{number % 254 + 1} {20000 + number % 40000} typ host",
            $"candidate:{number} 1 udp 1694498559 203.0.113.{number % 254 + 1} {20000 + number % 40000} typ srflx",
        ];
    }
}
