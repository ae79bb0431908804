using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>
/// One device and its socket, driven by one thread. What it sends is made beforehand or in its driver's scratch buffer; between
/// messages it holds no buffer.
/// </summary>
public sealed class Device
{
    private readonly IDeviceDriver _driver;
    private readonly byte[] _request;
    private readonly byte[] _join;
    private int _handle = -1;
    private bool _connected;
    private bool _upgraded;
    private byte[]? _part;
    private int _partLength;
    private byte[]? _unsent;
    private int _unsentLength;

    internal Device(Identity identity, int tag, Target target, IDeviceDriver driver)
    {
        _driver = driver;
        Tag = tag;
        Identity = identity;
        _request = identity.Request(target);
        _join = identity.Join();
    }

    /// <summary>Which device it is.</summary>
    public Identity Identity { get; }

    /// <summary>True if it has joined and neither end has closed.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Its place in the fleet.</summary>
    internal int Tag { get; }

    internal Operation Waiting { get; private set; }

    /// <summary>When the present operation began, in ticks of the stopwatch.</summary>
    internal long Since { get; private set; }

    /// <summary>When the heartbeat began that the device sent besides; 0 if none is under way.</summary>
    internal long BeatSince { get; private set; }

    /// <summary>How often the present connect was tried.</summary>
    internal int Attempts { get; set; }

    /// <summary>The last round of pushes that reached it.</summary>
    internal int Round { get; set; }

    internal bool IsFree => IsReady && Waiting == Operation.None;

    internal void Begin(Operation operation, long since)
    {
        Waiting = operation;
        Since = since;
    }

    /// <summary>Nobody waits for the operation any more. What was on its way in or out of a session is given up.</summary>
    internal void Abandon()
    {
        if (Waiting is Operation.Connect or Operation.Close)
            Drop();
        Waiting = Operation.None;
    }

    /// <summary>Starts to connect; <c>init</c> ends it.</summary>
    internal void Connect(SocketAddress server, SocketAddress? source, Epoll epoll)
    {
        _connected = _upgraded = false;
        BeatSince = 0;
        _handle = RawSocket.Connect(server, source);
        epoll.Watch(_handle, Tag);
    }

    /// <summary>A heartbeat besides what else it does; its reply ends no operation.</summary>
    internal void Beat(long now)
    {
        if (!IsReady || BeatSince != 0 || Waiting == Operation.Close)
            return;
        BeatSince = now;
        Send(Messages.Beat);
    }

    internal void Send(ReadOnlySpan<byte> frame)
    {
        if (_unsent is null && _handle >= 0)
        {
            var sent = RawSocket.Send(_handle, frame);
            if (sent == frame.Length)
                return;
            if (sent < 0)
            {
                End("the connection broke");
                return;
            }

            frame = frame[sent..];
        }

        Keep(ref _unsent, ref _unsentLength, frame);
    }

    internal void OnWritable()
    {
        if (_handle < 0)
            return;
        if (!_connected)
        {
            var error = RawSocket.Error(_handle);
            if (error != 0)
            {
                End($"connect: {RawSocket.Describe(error)}");
                return;
            }

            _connected = true;
            Send(_request);
            return;
        }

        if (_unsent is not { } unsent)
            return;
        var length = _unsentLength;
        _unsent = null;
        _unsentLength = 0;
        Send(unsent.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(unsent);
    }

    /// <summary>Reads what there is.</summary>
    /// <param name="buffer">Shared by all devices.</param>
    /// <param name="toTheEnd">The other end has closed: read until nothing is left.</param>
    internal void OnReadable(Span<byte> buffer, bool toTheEnd)
    {
        while (_handle >= 0)
        {
            var kept = _partLength;
            if (_part is { } part)
            {
                part.AsSpan(0, kept).CopyTo(buffer);
                ArrayPool<byte>.Shared.Return(part);
                _part = null;
                _partLength = 0;
            }

            var received = RawSocket.Receive(_handle, buffer[kept..]);
            ReadOnlySpan<byte> input = buffer[..(kept + (received ?? 0))];
            if (received == 0)
            {
                if (_upgraded || kept == 0)
                    End("the server closed the connection");
                else
                    Refused(Refusal.Read(input));
                return;
            }

            Consume(ref input);
            if (_handle < 0)
                return;
            if (!input.IsEmpty)
                Keep(ref _part, ref _partLength, input);
            if (received is null || (!toTheEnd && kept + received < buffer.Length))
                return;
        }
    }

    /// <summary>Closes without a word.</summary>
    internal void Drop()
    {
        if (_handle < 0)
            return;
        RawSocket.Close(_handle);
        _handle = -1;
        IsReady = false;
        foreach (var buffer in (byte[]?[])[_part, _unsent])
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }

        _part = _unsent = null;
        _partLength = _unsentLength = 0;
    }

    private static void Keep(ref byte[]? store, ref int length, ReadOnlySpan<byte> more)
    {
        var old = store;
        if (old is null || old.Length < length + more.Length)
        {
            store = ArrayPool<byte>.Shared.Rent(length + more.Length);
            if (old is not null)
            {
                old.AsSpan(0, length).CopyTo(store);
                ArrayPool<byte>.Shared.Return(old);
            }
        }

        more.CopyTo(store.AsSpan(length));
        length += more.Length;
    }

    private void Consume(ref ReadOnlySpan<byte> input)
    {
        if (!_upgraded && !TryUpgrade(ref input))
            return;
        while (_handle >= 0 && ServerFrame.TryRead(input, out var opcode, out var payload, out var length))
        {
            switch (opcode)
            {
                case ServerFrame.Text:
                    OnMessage(payload);
                    break;
                case ServerFrame.Ping:
                    Send(_driver.Scratch[..ClientFrame.WritePong(payload, _driver.Scratch)]);
                    break;
                case ServerFrame.Close:
                    End($"the server sent a Close frame{(payload.Length < 2 ? "" : $" with {payload[0] << 8 | payload[1]}")}");
                    return;
            }

            input = input[length..];
        }
    }

    private bool TryUpgrade(ref ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        if (!input.StartsWith("HTTP/1.1 101 "u8))
        {
            if (Refusal.IsWhole(input))
                Refused(Refusal.Read(input));
            return false;
        }

        input = input[(end + 4)..];
        _upgraded = true;
        Send(_join);
        return true;
    }

    private void Refused(Refusal refusal)
    {
        Drop();
        if (!_driver.OnRefused(this, refusal))
            Complete(Operation.Connect, $"refused: {refusal}");
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        var name = Messages.Event(message);
        if (name.SequenceEqual("phx_reply"u8))
            OnReply(message);
        else if (name.SequenceEqual("authorize_flow"u8))
            Authorize(message);
        else if (name.SequenceEqual("flow_created"u8))
            Complete(Operation.Flow, null);
        else if (name.SequenceEqual("init"u8))
            Joined(message.Length);
        else if (name.SequenceEqual("flow_creation_failed"u8))
            Complete(Operation.Flow, "flow refused: " + Messages.Text(message, "\"reason\":\""u8));
        else
            _driver.OnPush(this, name);
    }

    private void OnReply(ReadOnlySpan<byte> message)
    {
        if (message.IndexOf("\"status\":\"error\""u8) >= 0)
        {
            End("the server replied " + Encoding.UTF8.GetString(message));
        }
        else if (message.EndsWith(Messages.BeatRef) && BeatSince != 0)
        {
            _driver.OnBeat(this, Stopwatch.GetElapsedTime(BeatSince));
            BeatSince = 0;
        }
        else if (message.EndsWith(Messages.HeartbeatRef))
        {
            Complete(Operation.Heartbeat, null);
        }
    }

    private void Joined(int initBytes)
    {
        if (Waiting != Operation.Connect)
            return;
        IsReady = true;
        _driver.OnInit(this, initBytes);
        Complete(Operation.Connect, null);
    }

    /// <summary>Answers as a gateway does; the payload's ref is the only one that is a string.</summary>
    private void Authorize(ReadOnlySpan<byte> message)
    {
        var length = Messages.FlowAuthorized(message, _driver.Scratch);
        if (length == 0)
            End("an authorize_flow without a ref arrived");
        else
            Send(_driver.Scratch[..length]);
    }

    private void Complete(Operation operation, string? error)
    {
        if (Waiting != operation)
            return;
        Waiting = Operation.None;
        _driver.OnCompleted(this, error);
    }

    private void End(string error)
    {
        var waited = Waiting;
        Drop();
        if (waited == Operation.None)
            _driver.OnLost(this, error);
        else
            Complete(waited, waited == Operation.Close ? null : error);
    }
}
