using Firezone.Bench.Load;

namespace Firezone.EndToEnd.Storms;

/// <summary>One device of a crowd, as its thread sees it.</summary>
internal sealed class Member
{
    public Device Device { get; set; } = null!;

    /// <summary>Where it insists on going; null: where it is sent.</summary>
    public int? FrontEnd { get; init; }

    /// <summary>Its heartbeats are measured.</summary>
    public bool Watched { get; init; }

    /// <summary>A connect is under way that neither succeeded nor was refused.</summary>
    public bool Connecting { get; set; }

    /// <summary>Connects in a row that came to nothing.</summary>
    public int Attempts { get; set; }

    /// <summary>What it has met since its socket ended, or since its flows began to fail.</summary>
    public Story Story { get; } = new();

    /// <summary>When its socket ended; 0: it has one, or had none yet.</summary>
    public long Lost { get; set; }

    /// <summary>When it asked for the flow that is under way; 0: none is.</summary>
    public long Asked { get; set; }

    /// <summary>When it asked for the first of the flows that have failed in a row; 0: the last one was granted.</summary>
    public long Failing { get; set; }
}
