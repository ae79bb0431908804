namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>
/// Tests that keep all processors and threads of the pool busy: beside them the real time limits of sockets in other tests would pass before
/// anybody has had a turn.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BusyCollection
{
    public const string Name = "Busy processors";
}
