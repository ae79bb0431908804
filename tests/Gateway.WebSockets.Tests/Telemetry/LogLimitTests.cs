using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Telemetry.Logs;
using Firezone.Gateway.WebSockets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class LogLimitTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly LogCapture _logs = new();
    private readonly ServiceProvider _services;
    private readonly ILoggerFactory _factory;

    public LogLimitTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.Configure<TelemetryOptions>(o => o.LogLinesPerSecond = 3);
        services.AddLogging(logging =>
        {
            logging.AddProvider(_logs);
            logging.SetMinimumLevel(LogLevel.Information);
            logging.AddFilter("Quiet", LogLevel.Error);
            logging.LimitLines();
        });
        _services = services.BuildServiceProvider();
        _factory = _services.GetRequiredService<ILoggerFactory>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void The_first_lines_of_a_second_pass_and_one_line_tells_of_the_rest()
    {
        Log(_factory.CreateLogger("A"), 100);
        Assert.Equal(3, _logs.Lines.Count);

        _clock.Advance(Second);
        Assert.Equal(["Warning LeftOut 97 more lines of event 7 were left out "], _logs.Lines.Skip(3));

        _clock.Advance(Second * 100);
        Assert.Equal(4, _logs.Lines.Count);
    }

    [Fact]
    public void A_storm_that_lasts_is_a_few_lines_in_every_second()
    {
        var logger = _factory.CreateLogger("A");
        for (var tick = 0; tick < 100; tick++)
        {
            Log(logger, 50);
            _clock.Advance(Second / 10);
        }

        _clock.Advance(Second);
        Assert.InRange(_logs.Lines.Count(l => l.Contains("boom")), 30, 33);
        Assert.InRange(_logs.Lines.Count(l => l.Contains("left out")), 9, 11);
        Assert.Equal(5000, _logs.Lines.Sum(l => l.Contains("boom") ? 1 : int.Parse(l.Split(' ')[2])));
    }

    [Fact]
    public void Events_and_categories_do_not_take_each_others_lines()
    {
        Log(_factory.CreateLogger("A"), 10);
        Log(_factory.CreateLogger("B"), 2);
        Log(_factory.CreateLogger("A"), 2, eventId: 8);
        Assert.Equal(3 + 2 + 2, _logs.Lines.Count);
    }

    [Fact]
    public void A_logger_that_is_made_anew_for_each_line_is_bounded_too()
    {
        for (var i = 0; i < 10; i++)
            Log(_factory.CreateLogger("A"), 1);
        Assert.Equal(3, _logs.Lines.Count);
    }

    [Fact]
    public void Errors_are_bounded_and_the_summary_has_the_most_severe_level()
    {
        var logger = _factory.CreateLogger("A");
        Log(logger, 10, level: LogLevel.Critical);
        Log(logger, 10, level: LogLevel.Information);
        Log(logger, 1, eventId: 0);
        _clock.Advance(Second);
        Assert.Equal(3, _logs.Lines.Count(l => l.StartsWith("Critical", StringComparison.Ordinal) && l.Contains("boom")));
        Assert.Contains("Critical LeftOut 17 more lines of event 7 were left out ", _logs.Lines);
    }

    [Fact]
    public void Lines_below_the_level_do_not_count()
    {
        var logger = _factory.CreateLogger("Quiet");
        Log(logger, 100);
        Log(logger, 3, level: LogLevel.Error);
        _clock.Advance(Second);
        Assert.Equal(3, _logs.Lines.Count);
    }

    [Fact]
    public void Made_up_events_share_one_window()
    {
        var logger = _factory.CreateLogger("A");
        for (var id = 1; id <= 10_000; id++)
            Log(logger, 1, eventId: id);
        Assert.Equal(64 + 3, _logs.Lines.Count);
        _clock.Advance(Second);
        Assert.Contains("Warning OthersLeftOut 9933 more lines of various events were left out ", _logs.Lines);
    }

    [Fact]
    public void What_is_left_out_at_the_end_is_told_too()
    {
        Log(_factory.CreateLogger("A"), 5);
        _services.Dispose();
        Assert.Contains("Warning LeftOut 2 more lines of event 7 were left out ", _logs.Lines);
    }

    private static void Log(ILogger logger, int times, int eventId = 7, LogLevel level = LogLevel.Warning)
    {
        for (var i = 0; i < times; i++)
            logger.Log(level, new EventId(eventId), "boom");
    }
}
