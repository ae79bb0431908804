using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firezone.Shared.Peers;

/// <summary>
/// A WebSocket peer that knows nothing: it sends the bytes that it is told to send, right or wrong, and shows what comes back. Every wait
/// has a limit, after which the test fails.
/// </summary>
public sealed class RawPeer : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private RawPeer(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    public static async Task<RawPeer> ConnectAsync(IPEndPoint endpoint, int? receiveBuffer = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        if (receiveBuffer is { } size)
            tcp.ReceiveBufferSize = size;
        await tcp.ConnectAsync(endpoint);
        return new RawPeer(tcp);
    }

    /// <summary>Sends a request and reads the response; after a 101 the stream is at the first frame.</summary>
    public async Task<HttpReply> RequestAsync(string path, IEnumerable<string> headers, string method = "GET")
    {
        await SendAsync(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"));
        return await ReadReplyAsync(method);
    }

    /// <summary>The response to what was sent.</summary>
    public async Task<HttpReply> ReadReplyAsync(string method = "GET")
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { Length: > 0 } line)
            lines.Add(line);

        var status = int.Parse(lines[0].Split(' ')[1]);
        var fields = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
        var body = "";
        if (fields.TryGetValue("Content-Length", out var length) && method != "HEAD")
            body = Encoding.UTF8.GetString(await ReadAsync(int.Parse(length)));
        else if (fields.ContainsKey("Transfer-Encoding"))
            body = await ReadChunkedAsync();
        return new HttpReply(status, fields, body);
    }

    public Task SendTextAsync(string text) => SendFrameAsync(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(text));

    public Task SendCloseAsync(ushort code)
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        return SendFrameAsync(RawFrame.CloseOpcode, payload);
    }

    public Task SendFrameAsync(int opcode, byte[] payload, bool fin = true) => SendAsync(Frame(opcode, payload, fin));

    /// <summary>A masked frame, as RFC 6455 wants it of clients.</summary>
    public static byte[] Frame(int opcode, byte[] payload, bool fin = true, bool masked = true)
    {
        var frame = new List<byte> { (byte)((fin ? 0x80 : 0) | opcode) };
        var mask = masked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            frame.Add((byte)(mask | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame.AddRange([(byte)(mask | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            frame.Add((byte)(mask | 127));
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.AddRange(length);
        }

        byte[] key = [1, 2, 3, 4];
        if (masked)
            frame.AddRange(key);
        frame.AddRange(masked ? payload.Select((b, i) => (byte)(b ^ key[i % 4])) : payload);
        return [.. frame];
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public async Task<RawFrame> ReceiveFrameAsync()
    {
        var head = await ReadAsync(2);
        long length = head[1] & 0x7F;
        Assert.Equal(0, head[1] & 0x80); // Servers must not mask.
        if (length == 126)
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        else if (length == 127)
            length = BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(8));
        return new RawFrame((head[0] & 0x80) != 0, head[0] & 0x0F, await ReadAsync((int)length));
    }

    public async Task<string> ReceiveTextAsync()
    {
        var frame = await ReceiveFrameAsync();
        Assert.True(frame.Opcode == RawFrame.TextOpcode, $"Expected text, got opcode {frame.Opcode} {Convert.ToHexString(frame.Payload)}");
        Assert.True(frame.Fin);
        return frame.Text;
    }

    /// <summary>The close code, after any number of text messages; the frame must carry nothing but the code.</summary>
    public async Task<int> ReceiveCloseAsync()
    {
        while (true)
        {
            var frame = await ReceiveFrameAsync();
            if (frame.Opcode == RawFrame.CloseOpcode)
            {
                Assert.Equal(2, frame.Payload.Length);
                return frame.CloseCode;
            }

            Assert.Equal(RawFrame.TextOpcode, frame.Opcode);
        }
    }

    /// <summary>Whether any byte waits to be read.</summary>
    public bool HasBytes => _start < _end || _tcp.Available > 0;

    /// <summary>Waits for the end of the connection, orderly or not.</summary>
    public async Task ReceiveEndAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer).AsTask().WaitAsync(Patience) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Ends the connection with a reset, as a device that loses power seems to.</summary>
    public void Reset()
    {
        _tcp.LingerState = new LingerOption(true, 0);
        _tcp.Dispose();
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        var taken = Take(bytes);
        if (taken == count)
            return bytes;
        using var limit = new CancellationTokenSource(Patience);
        for (; taken < count; taken += Take(bytes.AsSpan(taken)))
        {
            _start = 0;
            _end = 0; // Nothing is in the buffer when the wait is given up.
            _end = await _stream.ReadAsync(_buffer, limit.Token);
            if (_end == 0)
                throw new EndOfStreamException();
        }

        return bytes;
    }

    private int Take(Span<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(bytes);
        _start += count;
        return count;
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var c = (char)(await ReadAsync(1))[0];
            if (c == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(c);
        }
    }

    private async Task<string> ReadChunkedAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            var size = Convert.ToInt32(await ReadLineAsync(), 16);
            body.AddRange(await ReadAsync(size));
            await ReadLineAsync();
            if (size == 0)
                return Encoding.UTF8.GetString([.. body]);
        }
    }
}
