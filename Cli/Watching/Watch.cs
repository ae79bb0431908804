using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;

namespace Firezone.Cli.Watching;

/// <summary>Follows the event stream and takes it up again when it breaks.</summary>
internal sealed class Watch
{
    /// <summary>The server sends something every 15 seconds.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Session _session;
    private readonly ApiCall _call;
    private readonly EventPrinter _printer;
    private readonly CatchUp _catchUp;
    private int? _left;
    private bool _ready;
    private int _failures;

    private Watch(Session session, Request request)
    {
        _session = session;
        _call = request.Call;
        _left = request.Limit;
        _printer = new EventPrinter(session.Report);
        _catchUp = new CatchUp(session.Api, [.. request.Call.Query.Where(pair => pair.Key == "kind").Select(pair => pair.Value)]);
    }

    /// <summary>Returns when the user, the limit or the server's refusal ends it.</summary>
    public static async Task<int> RunAsync(Session session, Request request, CancellationToken ct)
    {
        try
        {
            return await new Watch(session, request).RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
    }

    private async Task<int> RunAsync(CancellationToken ct)
    {
        while (true)
        {
            string loss;
            try
            {
                if (await FollowAsync(ct) is not { } reason)
                    return ExitCode.Success;
                loss = reason;
            }
            catch (CliException e) when (_ready && e.ExitCode == ExitCode.Unreachable)
            {
                loss = e.Message;
            }
            catch (Exception e) when (_ready && e is IOException or HttpRequestException)
            {
                loss = e.Message;
            }

            _session.Report.Note($"firezone: {Printable.Of(loss.Split('\n')[0])}; connecting again");
            await Task.Delay(NextPause(), _session.Surroundings.Time, ct);
        }
    }

    /// <summary>Reads one stream to its end. Null: enough was seen; otherwise why it ended.</summary>
    private async Task<string?> FollowAsync(CancellationToken ct)
    {
        using var stream = await _session.Api.OpenAsync(_call, ct);
        using var silence = new CancellationTokenSource(LongestSilence, _session.Surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            await foreach (var item in SseParser.Create(stream.Body).EnumerateAsync(either.Token))
            {
                silence.CancelAfter(LongestSilence);
                var data = Parse(item.Data);
                switch (item.EventType)
                {
                    case "end" when data.Text("reason") == "revoked":
                        throw CliException.Refused("The API token is not good any more.");
                    case "end":
                        return $"the server ended the stream ({data.Text("reason")})";
                    case "ready":
                        await BeginAsync(data, ct);
                        break;
                    default:
                        Take(item.EventType, data);
                        break;
                }

                if (_left <= 0)
                    return null;
            }

            return "the stream broke off";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "the server has fallen silent";
        }
    }

    private async Task BeginAsync(JsonObject data, CancellationToken ct)
    {
        _failures = 0;
        if (_ready)
        {
            _session.Report.Note("firezone: connected again; sessions that ended meanwhile are not shown");
            foreach (var (name, missed) in await _catchUp.MissedAsync(ct))
                Take(name, missed);
        }

        _ready = true;
        _catchUp.Saw("ready", data);
    }

    private TimeSpan NextPause()
    {
        var seconds = Math.Min(LongestPause.TotalSeconds, 1 << Math.Min(_failures++, 10));
        return TimeSpan.FromSeconds(seconds * (0.8 + 0.4 * Random.Shared.NextDouble()));
    }

    private void Take(string name, JsonObject data)
    {
        if (!_catchUp.Saw(name, data) || name is "heartbeat" || _left <= 0)
            return;
        _printer.Print(name, data);
        _left--;
    }

    private static JsonObject Parse(string data)
    {
        try
        {
            return JsonNode.Parse(data) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            throw CliException.Unreachable("the server sends events that are no JSON");
        }
    }
}
