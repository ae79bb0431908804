namespace Firezone.Storage.Postgres.Connecting;

/// <summary>
/// Lets one caller per key through at a time. The database serialises first connects of an account by a lock; without this gate every
/// waiter would hold a connection of the pool, and one account's roll-out would starve all others.
/// </summary>
internal sealed class KeyedGate
{
    private readonly Dictionary<Guid, Gate> _gates = [];

    /// <summary>Waits for the turn; disposing the result passes it on.</summary>
    public async Task<IDisposable> EnterAsync(Guid key, CancellationToken ct)
    {
        Gate? gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out gate))
                _gates[key] = gate = new Gate();
            gate.Users++;
        }
        try
        {
            await gate.Turn.WaitAsync(ct);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }
        return new Pass(this, key, gate);
    }

    private void Leave(Guid key, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users == 0)
                _gates.Remove(key);
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Pass(KeyedGate owner, Guid key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Turn.Release();
            owner.Leave(key, gate);
        }
    }
}
