namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>The readable trace of a replayed schedule.</summary>
internal sealed class EventLog(World world)
{
    private readonly List<string> _lines = [];

    public void Write(string line) => _lines.Add($"{world.Now.TotalSeconds,10:0.000} {line}");

    /// <summary>The last <paramref name="lines"/> lines.</summary>
    public string Tail(int lines) => string.Join('\n', _lines.TakeLast(lines));
}
