using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>
/// One device's socket, driven by its fleet's thread. Between messages it holds no buffer. Messages are recognised by searching for
/// their event, which a portal writes before the payload.
/// </summary>
internal sealed class LoadSocket(Identity identity, Fleet fleet)
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _rest = [];
    private bool _upgraded;
    private int _ref = 1;

    public Identity Identity { get; } = identity;

    public Operation Waiting { get; private set; }

    /// <summary>When the present operation began, in ticks of the stopwatch.</summary>
    public long Since { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>When the socket last sent something, in ticks of the stopwatch.</summary>
    public long LastSent { get; private set; }

    /// <summary>Starts the upgrade. Loopback connects complete at once.</summary>
    public void Connect(IPEndPoint server, IPAddress source, int tag, Epoll epoll)
    {
        Begin(Operation.Connect);
        IsOpen = true;
        _socket.Bind(new IPEndPoint(source, 0));
        _socket.Connect(server);
        _socket.Blocking = false;
        epoll.Watch(_socket.SafeHandle.DangerousGetHandle(), tag);
        SendRaw(Identity.Request(server.Address.ToString()));
    }

    public void Heartbeat()
    {
        Begin(Operation.Heartbeat);
        Send("phoenix", "heartbeat", "{}");
    }

    /// <summary>Keeps the server from ending an idle socket; the reply completes nothing.</summary>
    public void KeepAlive()
    {
        if (IsOpen && Waiting == Operation.None)
            Send("phoenix", "heartbeat", "{}");
    }

    public void CreateFlow(string resourceId)
    {
        Begin(Operation.Flow);
        Send("client", "create_flow", $"{{\"resource_id\":\"{resourceId}\",\"connected_gateway_ids\":[]}}");
    }

    /// <summary>Sends a Close frame if it can, and closes.</summary>
    public void Close()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        if (_upgraded)
            _socket.Send(ClientFrame.Close, SocketFlags.None, out _);
        _socket.Dispose();
    }

    /// <summary>Reads what there is.</summary>
    /// <param name="buffer">Scratch space, shared by all sockets of the thread.</param>
    public void OnReadable(Span<byte> buffer)
    {
        if (!IsOpen)
            return;
        _rest.CopyTo(buffer);
        var received = _socket.Receive(buffer[_rest.Length..], SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return;
        if (received <= 0 || error != SocketError.Success)
        {
            End("the server closed the connection");
            return;
        }

        ReadOnlySpan<byte> input = buffer[..(_rest.Length + received)];
        if (!_upgraded && !TryUpgrade(ref input))
        {
            _rest = input.ToArray();
            return;
        }

        while (IsOpen && ServerFrame.TryRead(input, out var opcode, out var payload, out var length))
        {
            if (opcode == ServerFrame.Text)
                OnMessage(payload);
            else if (opcode == ServerFrame.Close)
                End("the server sent a Close frame");
            input = input[length..];
        }

        _rest = input.IsEmpty || !IsOpen ? [] : input.ToArray();
    }

    private bool TryUpgrade(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        if (!input.StartsWith("HTTP/1.1 101 "u8))
        {
            End("the upgrade was answered with " + Encoding.ASCII.GetString(input[..input.IndexOf((byte)'\r')]));
            return false;
        }

        input = input[(end + 4)..];
        _upgraded = true;
        SendText(Identity.Join());
        return true;
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        var start = message.IndexOf("\"event\":\""u8) + 9;
        var name = message[start..];
        name = name[..Math.Max(0, name.IndexOf((byte)'"'))];
        if (name.SequenceEqual("phx_reply"u8))
        {
            if (message.IndexOf("\"status\":\"error\""u8) >= 0)
                End("the server replied " + Encoding.UTF8.GetString(message));
            else if (Waiting == Operation.Heartbeat && message.IndexOf("\"phoenix\""u8) >= 0)
                Complete(Operation.Heartbeat, null);
        }
        else if (name.SequenceEqual("init"u8))
        {
            Complete(Operation.Connect, null);
        }
        else if (name.SequenceEqual("flow_created"u8))
        {
            Complete(Operation.Flow, null);
        }
        else if (name.SequenceEqual("flow_creation_failed"u8))
        {
            Complete(Operation.Flow, "the flow was refused: " + Encoding.UTF8.GetString(message));
        }
        else if (name.SequenceEqual("authorize_flow"u8))
        {
            Authorize(message);
        }
    }

    /// <summary>Answers as a gateway does; the payload's ref is the only one that is a string.</summary>
    private void Authorize(ReadOnlySpan<byte> message)
    {
        var start = message.IndexOf("\"ref\":\""u8);
        if (start < 0)
        {
            End("an authorize_flow without a ref arrived");
            return;
        }

        var text = message[(start + 7)..];
        var end = 0;
        while (text[end] != '"')
            end += text[end] == '\\' ? 2 : 1;
        Send("gateway", "flow_authorized", $"{{\"ref\":\"{Encoding.UTF8.GetString(text[..end])}\"}}");
    }

    private void Begin(Operation operation)
    {
        Waiting = operation;
        Since = Stopwatch.GetTimestamp();
    }

    private void Complete(Operation operation, string? error)
    {
        if (Waiting != operation)
            return;
        Waiting = Operation.None;
        fleet.Completed(this, error);
    }

    private void End(string error)
    {
        var waited = Waiting;
        Close();
        if (waited == Operation.None)
            fleet.Lost(this, error);
        else
            Complete(waited, error);
    }

    private void Send(string topic, string eventName, string payload) => SendText(Encoding.UTF8.GetBytes(
        $"{{\"topic\":\"{topic}\",\"event\":\"{eventName}\",\"payload\":{payload},\"ref\":{_ref++}}}"));

    private void SendText(ReadOnlySpan<byte> text)
    {
        Span<byte> frame = text.Length < 2000 ? stackalloc byte[text.Length + 14] : new byte[text.Length + 14];
        SendRaw(frame[..ClientFrame.Write(text, frame)]);
    }

    private void SendRaw(ReadOnlySpan<byte> bytes)
    {
        LastSent = Stopwatch.GetTimestamp();

        // A few hundred bytes into an empty socket buffer: they fit, or the connection is gone.
        if (_socket.Send(bytes, SocketFlags.None, out var error) != bytes.Length)
            throw new LoadException($"A {Identity.Role} could not send: {error}.");
    }
}
