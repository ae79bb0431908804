using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class PeerStreamTests
{
    private readonly Recorder _inner = new();

    [Fact]
    public async Task A_single_frame_is_written_at_once()
    {
        var stream = new PeerStream(_inner);
        await stream.WriteAsync("abc"u8.ToArray());
        Assert.Equal(["abc"], _inner.Writes);
    }

    [Fact]
    public async Task Small_frames_leave_together_with_the_last_of_them()
    {
        var stream = new PeerStream(_inner) { Corked = true };
        await stream.WriteAsync("a"u8.ToArray());
        await stream.WriteAsync("b"u8.ToArray());
        Assert.Empty(_inner.Writes);
        stream.Corked = false;
        await stream.WriteAsync("c"u8.ToArray());
        await stream.WriteAsync("d"u8.ToArray());
        Assert.Equal(["abc", "d"], _inner.Writes);
    }

    [Fact]
    public async Task A_large_frame_is_not_copied_and_overtakes_nothing()
    {
        var stream = new PeerStream(_inner) { Corked = true };
        await stream.WriteAsync("a"u8.ToArray());
        var large = new string('x', 20_000);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(large));
        stream.Corked = false;
        await stream.WriteAsync("b"u8.ToArray());
        Assert.Equal(["a", large, "b"], _inner.Writes);
    }

    [Fact]
    public async Task A_websocket_that_gives_up_does_not_end_the_connection()
    {
        var stream = new PeerStream(_inner);
        await stream.DisposeAsync();
        await stream.WriteAsync("a"u8.ToArray());
        Assert.Equal(["a"], _inner.Writes);
    }

    private sealed class Recorder : MemoryStream
    {
        internal List<string> Writes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(System.Text.Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
