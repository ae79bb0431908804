using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>One connection of a process to the database. Either end may be gone without the other knowing.</summary>
internal sealed class SimulatedSession(SimulatedSilo owner, Action<SimulatedSession> lost)
{
    public SimulatedSilo Owner { get; } = owner;

    public bool AtServer { get; set; } = true;

    public bool AtClient { get; set; } = true;

    public bool Listens { get; set; }

    /// <summary>Looks alive from both ends, but nothing arrives any more.</summary>
    public bool Deaf { get; set; }

    /// <summary>What waits for the link to the client to be whole again.</summary>
    public List<Action> Held { get; } = [];

    /// <summary>Signals that were delivered twice, late and so on are still delivered through this.</summary>
    public Action<Signal>? OnSignal { get; set; }

    /// <summary>The client notices that the session is over.</summary>
    public void LoseAtClient()
    {
        if (!AtClient)
            return;
        AtClient = false;
        Held.Clear();
        lost(this);
    }
}
