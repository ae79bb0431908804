using Firezone.Edge.Simulation;

namespace Firezone.Bench.Simulate;

/// <summary>A transcript as lines of text: time, device, direction, event, detail.</summary>
internal sealed class ConsoleTranscript(TextWriter output, TimeProvider time) : ITranscript
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();

    public void Write(string device, TranscriptKind kind, string what, string detail)
    {
        var arrow = kind switch
        {
            TranscriptKind.Sent => "→",
            TranscriptKind.Received => "←",
            _ => "·",
        };
        lock (_gate)
            output.WriteLine($"{time.GetElapsedTime(_start).TotalSeconds,8:0.000}  {device,-8} {arrow} {what,-26} {detail}".TrimEnd());
    }
}
