using System.Collections.Concurrent;
using Firezone.Edge.Simulation;

namespace Firezone.Edge.Tests.Simulation.Support;

internal sealed class ListTranscript : ITranscript
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The same lines, to wait for.</summary>
    public ObservedLog<string> Log { get; } = new();

    public void Write(string device, TranscriptKind kind, string what, string detail)
    {
        var line = $"{device} {kind} {what} {detail}";
        Lines.Enqueue(line);
        Log.Add(line);
    }
}
