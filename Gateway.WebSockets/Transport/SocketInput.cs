using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// What a socket receives. It is received when the reader asks for it and the socket has it: a silent socket has no buffer, and a peer that
/// is not read is stopped by its own system. For one reader; the end of a wait may come on any thread.
/// </summary>
internal sealed class SocketInput(SocketHandle socket) : PipeReader, IValueTaskSource<ReadResult>, IThreadPoolWorkItem
{
    private const int Block = 4096;

    // So many buffers of one peer in a row, then the loop is left to the others.
    private const int MaxTurn = 8;

    private ManualResetValueTaskSourceCore<ReadResult> _wait;
    private ReadySignal _signal;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private byte[]? _buffer;
    private int _start;
    private int _examined;
    private int _end;
    private int _turn;
    private int _canceled;
    private volatile bool _hasHungUp;
    private bool _isAtEnd;
    private bool _isCompleted;
    private Exception? _failure;

    /// <summary>Where to go on after a wait: on the loop, or in a thread of the pool, for readers that may take long.</summary>
    internal bool LeavesLoop
    {
        set => _wait.RunContinuationsAsynchronously = value;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryRead(out var result))
            return new ValueTask<ReadResult>(result);

        _wait.Reset();
        _token = cancellationToken;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static input => ((SocketInput)input!).OnCanceled(), this);
        if (_signal.IsSet && _turn >= MaxTurn)
        {
            _signal.Wait();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            Wait();
        }

        return new ValueTask<ReadResult>(this, _wait.Version);
    }

    public override bool TryRead(out ReadResult result)
    {
        ObjectDisposedException.ThrowIf(_isCompleted, this);
        if (_end > _examined || _canceled != 0 || _isAtEnd || _failure is not null)
            return TryTake(out result);
        result = default;
        _turn++;
        return _signal.IsSet && _turn < MaxTurn && TryReceive() && TryTake(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is null)
            return;
        _start = consumed.GetInteger();
        _examined = examined.GetInteger();
        if (_start == _end)
            ReturnBuffer();
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _canceled, 1);
        OnCanceled();
    }

    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        ReturnBuffer();
    }

    /// <summary>The loop has heard of the socket.</summary>
    /// <param name="hasHungUp">Nothing further will come: what is there can be read to its end without another event.</param>
    internal void OnEvent(bool hasHungUp)
    {
        if (hasHungUp)
            _hasHungUp = true;
        if (!_signal.Change())
            return;
        _turn = 0;
        Wait();
    }

    /// <summary>Receives what is there and throws it away, so that closing does not look like a failure to the peer. After the last read.</summary>
    internal void Discard()
    {
        Span<byte> rest = stackalloc byte[Block];
        for (var i = 0; i < MaxTurn && _signal.IsSet && !_isAtEnd; i++)
        {
            _signal.Clear();
            if (LinuxCalls.Receive(socket, rest) == rest.Length)
                _signal.Set();
        }
    }

    void IThreadPoolWorkItem.Execute() => OnEvent(hasHungUp: false);

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends the wait if there is anything to end it with, else leaves it to the next event.</summary>
    private void Wait()
    {
        while (true)
        {
            if (_signal.IsSet && TryReceive())
                break;
            if (!_signal.TryWait())
                continue;

            // Whoever canceled before this has found nobody waiting.
            if ((Volatile.Read(ref _canceled) == 0 && !_token.IsCancellationRequested) || !_signal.TryTakeOver())
                return;
            break;
        }

        End();
    }

    // What is canceled may be over already, and this read be the next one: then it goes on waiting.
    private void OnCanceled()
    {
        if (_signal.TryTakeOver())
            Wait();
    }

    private void End()
    {
        if (_token.IsCancellationRequested)
            _wait.SetException(new OperationCanceledException(_token));
        else if (_failure is { } failure)
            _wait.SetException(failure);
        else
        {
            _ = TryTake(out var result);
            _wait.SetResult(result);
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (_failure is { } failure)
            throw failure;
        var data = _buffer is { } buffer ? new ReadOnlySequence<byte>(buffer, _start, _end - _start) : default;
        result = new ReadResult(data, _canceled != 0 && Interlocked.Exchange(ref _canceled, 0) != 0, _isAtEnd);
        return true;
    }

    /// <summary>False: there is nothing at the moment.</summary>
    private bool TryReceive()
    {
        Reserve();
        while (true)
        {
            _signal.Clear();
            var room = _buffer.AsSpan(_end);
            var count = (int)LinuxCalls.Receive(socket, room);
            if (count > 0)
            {
                _end += count;
                if (count == room.Length || _hasHungUp)
                    _signal.Set();
                return true;
            }

            if (count == 0)
            {
                _isAtEnd = true;
                return true;
            }

            switch (LinuxCalls.Error)
            {
                case LinuxCalls.Interrupted:
                    continue;
                case LinuxCalls.TryAgain:
                    if (_start == _end)
                        ReturnBuffer();
                    return false;
                case var error:
                    _failure = new ConnectionResetException($"The connection broke: error {error}.");
                    return true;
            }
        }
    }

    /// <summary>Makes room behind what has not been read.</summary>
    private void Reserve()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Block);
            (_start, _examined, _end) = (0, 0, 0);
            return;
        }

        if (_buffer.Length - _end >= Block / 4)
            return;
        var length = _end - _start;
        var target = length > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(2 * _buffer.Length) : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        if (target != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _examined, _end) = (target, 0, _examined - _start, length);
    }

    private void ReturnBuffer()
    {
        if (_buffer is not { } buffer)
            return;
        (_buffer, _start, _examined, _end) = (null, 0, 0, 0);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
