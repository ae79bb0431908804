using Orleans.Streams;

namespace Firezone.Grains.Relays;

/// <summary>
/// The stream on which the relay directory hints that it has a newer version. At most once: holders also ask the directory on a timer.
/// </summary>
public static class RelayStream
{
    /// <summary>Name of the stream provider that every silo configures.</summary>
    public const string Provider = "fan-out";

    private const string Namespace = "relays";

    /// <summary>The stream of version hints.</summary>
    public static IAsyncStream<long> Get(IStreamProvider provider) => provider.GetStream<long>(StreamId.Create(Namespace, Guid.Empty));
}
