using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// What a socket is sent: a flush hands it to the system on the caller's thread, and waits only for what the system does not take at once.
/// For one writer; the end of a wait may come on any thread. After a failure everything is taken and thrown away, and flushes say so.
/// </summary>
internal sealed class SocketOutput(SocketHandle socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int Block = 1024;

    private ManualResetValueTaskSourceCore<FlushResult> _wait;
    private ReadySignal _signal;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _canceled;
    private bool _isFlushing;
    private volatile bool _isBroken;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    /// <summary>Where to go on after a wait: on the loop, or in a thread of the pool, for writers that may take long.</summary>
    internal bool LeavesLoop
    {
        set => _wait.RunContinuationsAsynchronously = value;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override void Advance(int bytes) => _end += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TrySend())
            return new ValueTask<FlushResult>(Result());

        _wait.Reset();
        _isFlushing = true;
        _token = cancellationToken;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static output => ((SocketOutput)output!).OnCanceled(), this);
        Wait();
        return new ValueTask<FlushResult>(this, _wait.Version);
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _canceled, 1);
        OnCanceled();
    }

    /// <summary>What has not been flushed leaves as far as the system takes it at once. A flush that waits ends.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_isFlushing)
        {
            // Its buffer is in the hands of whoever ends it.
            _isBroken = true;
            OnCanceled();
            return;
        }

        if (exception is null)
            _ = TrySend();
        ReturnBuffer();
        _isBroken = true;
    }

    /// <summary>The loop has heard of the socket.</summary>
    internal void OnEvent()
    {
        if (_signal.Change())
            Wait();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        _isFlushing = false;
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends the wait when everything is sent, else leaves it to the next event.</summary>
    private void Wait()
    {
        while (!TrySend())
        {
            if (!_signal.TryWait())
                continue;

            // Whoever canceled or completed before this has found nobody waiting.
            var isToEnd = Volatile.Read(ref _canceled) != 0 || _token.IsCancellationRequested || _isBroken;
            if (!isToEnd || !_signal.TryTakeOver())
                return;
            break;
        }

        End();
    }

    // What is canceled may be over already, and this flush be the next one: then it goes on waiting.
    private void OnCanceled()
    {
        if (_signal.TryTakeOver())
            Wait();
    }

    private void End()
    {
        if (_token.IsCancellationRequested)
            _wait.SetException(new OperationCanceledException(_token));
        else
            _wait.SetResult(Result());
    }

    private FlushResult Result() => new(_canceled != 0 && Interlocked.Exchange(ref _canceled, 0) != 0, _isBroken);

    /// <summary>False: the system takes no more at the moment.</summary>
    private bool TrySend()
    {
        while (_start < _end && !_isBroken)
        {
            _signal.Clear();
            var count = (int)LinuxCalls.Send(socket, _buffer.AsSpan(_start, _end - _start));
            if (count >= 0)
                _start += count;
            else if (LinuxCalls.Error == LinuxCalls.TryAgain)
                return false;
            else if (LinuxCalls.Error != LinuxCalls.Interrupted)
                _isBroken = true;
        }

        ReturnBuffer();
        return true;
    }

    private void Reserve(int sizeHint)
    {
        var room = Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(room, Block));
            return;
        }

        if (_buffer.Length - _end >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _end - _start + room));
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (larger, 0, _end - _start);
    }

    private void ReturnBuffer()
    {
        (_start, _end) = (0, 0);
        if (_buffer is not { } buffer)
            return;
        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
