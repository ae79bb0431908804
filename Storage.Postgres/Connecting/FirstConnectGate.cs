namespace Firezone.Storage.Postgres.Connecting;

/// <summary>
/// One first connect per account at a time in this process, clients and gateways together: they draw from one address pool.
/// </summary>
public sealed class FirstConnectGate
{
    private readonly KeyedGate _gate = new();

    internal Task<IDisposable> EnterAsync(Guid accountId, CancellationToken ct) => _gate.EnterAsync(accountId, ct);
}
