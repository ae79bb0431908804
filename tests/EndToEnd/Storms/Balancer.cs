using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Firezone.EndToEnd.Storms;

/// <summary>
/// What stands in front of front-ends: asks each five times a second whether it is ready, and sends devices to those in turn that are.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SocketAddress[] _addresses;
    private readonly bool[] _ready;
    private readonly ConcurrentQueue<string>[] _answers;
    private readonly TimeSpan[] _slowest;
    private readonly Task _probing;
    private int _turn;

    public Balancer(IReadOnlyList<Node> frontEnds)
    {
        _addresses = [.. frontEnds.Select(frontEnd => frontEnd.Address.Serialize())];
        _ready = [.. frontEnds.Select(_ => true)];
        _answers = [.. frontEnds.Select(_ => new ConcurrentQueue<string>())];
        _slowest = new TimeSpan[frontEnds.Count];
        _probing = Task.WhenAll(frontEnds.Select((frontEnd, i) => Task.Run(() => ProbeAsync(i, $"http://{frontEnd.Address}/readyz"))));
    }

    public SocketAddress this[int frontEnd] => _addresses[frontEnd];

    /// <summary>Where the next device is sent. From one thread.</summary>
    public int Next()
    {
        for (var tries = 0; tries < _ready.Length; tries++)
        {
            _turn = (_turn + 1) % _ready.Length;
            if (Volatile.Read(ref _ready[_turn]))
                return _turn;
        }

        return _turn;
    }

    /// <summary>What a front-end answered when it did not say that it is ready.</summary>
    public IReadOnlyCollection<string> Unready(int frontEnd) => _answers[frontEnd];

    /// <summary>The longest that a front-end took for its answer.</summary>
    public TimeSpan Slowest(int frontEnd) => _slowest[frontEnd];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ProbeAsync(int frontEnd, string url)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                var began = Stopwatch.GetTimestamp();
                var answer = await AnswerAsync(url);
                _slowest[frontEnd] = TimeSpan.FromTicks(Math.Max(_slowest[frontEnd].Ticks, Stopwatch.GetElapsedTime(began).Ticks));
                if (answer is not null)
                    _answers[frontEnd].Enqueue(answer);
                Volatile.Write(ref _ready[frontEnd], answer is null);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<string?> AnswerAsync(string url)
    {
        try
        {
            using var answer = await _http.GetAsync(url, _stop.Token);
            return answer.StatusCode == HttpStatusCode.OK ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(_stop.Token)}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            return e.Message;
        }
    }
}
