using Firezone.Gateway.WebSockets.Telemetry.Logs;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class LogLevelTests : IDisposable
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly ILogLevels _levels;

    public LogLevelTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LogLevel:Default"] = "Information",
            ["LogLevel:Orleans.Runtime"] = "Error",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILoggerProvider, LogCapture>();
        services.AddLogging(logging =>
        {
            logging.AddFilter(Requests, LogLevel.None);
            logging.AddConfiguration(configuration);
        });
        services.AddLogLevels();
        _services = services.BuildServiceProvider();
        _levels = _services.GetRequiredService<ILogLevels>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_level_holds_for_its_time_and_then_is_as_it_was()
    {
        Set("Firezone.Grains", "debug", Minute);

        Assert.True(Logs("Firezone.Grains.Clients", LogLevel.Debug));
        Assert.False(Logs("Firezone.Admin", LogLevel.Debug));
        var listed = Assert.Single(_levels.List());
        Assert.Equal(("Firezone.Grains", "Debug", _time.GetUtcNow() + Minute, "ops"), (listed.Category, listed.Level, listed.Until, listed.By));

        _time.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.True(Logs("Firezone.Grains.Clients", LogLevel.Debug));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Logs("Firezone.Grains.Clients", LogLevel.Debug));
        Assert.True(Logs("Firezone.Grains.Clients", LogLevel.Information));
        Assert.Empty(_levels.List());
    }

    [Fact]
    public void Loggers_that_were_made_before_obey_too()
    {
        var logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Firezone.Grains");
        Assert.False(logger.IsEnabled(LogLevel.Debug));
        Set("Firezone", "debug", Minute);
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Set("Firezone", null, TimeSpan.Zero);
        Assert.False(logger.IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void A_later_order_replaces_the_earlier_one_with_its_time()
    {
        Set("Firezone", "debug", Minute);
        Set("Firezone", "trace", 3 * Minute);
        _time.Advance(2 * Minute);
        Assert.True(Logs("Firezone.Admin", LogLevel.Trace));
        _time.Advance(Minute);
        Assert.False(Logs("Firezone.Admin", LogLevel.Debug));
    }

    [Fact]
    public void The_longest_name_counts_and_Default_stands_for_the_rest()
    {
        Set("Default", "debug", Minute);
        Assert.True(Logs("Anything", LogLevel.Debug));
        Assert.False(Logs("Orleans.Runtime.Catalog", LogLevel.Warning));
        Set("Orleans.Runtime", "debug", Minute);
        Assert.True(Logs("Orleans.Runtime.Catalog", LogLevel.Debug));
    }

    [Fact]
    public void What_prints_credentials_stays_silent()
    {
        Assert.Throws<ArgumentException>(() => Set(Requests, "debug", Minute));
        Assert.Throws<ArgumentException>(() => Set(Kestrel + ".BadRequests", "debug", Minute));
        Set("Microsoft.AspNetCore", "trace", Minute);
        Set("Default", "trace", Minute);
        Assert.False(Logs(Requests, LogLevel.Critical));
        Assert.False(Logs(Kestrel + ".BadRequests", LogLevel.Information));
        Assert.True(Logs(Kestrel + ".BadRequests", LogLevel.Warning));
    }

    [Fact]
    public void There_are_never_more_than_a_few_at_a_time()
    {
        for (var i = 1; i <= 40; i++)
            Set($"Category{i}", "debug", i * Minute);
        Assert.Equal(32, _levels.List().Length);
        Assert.False(Logs("Category8", LogLevel.Debug));
        Assert.True(Logs("Category9", LogLevel.Debug));
    }

    private void Set(string category, string? level, TimeSpan duration) => _levels.Set(new LogLevelOrder(category, level, duration, "ops"));

    private bool Logs(string category, LogLevel level) => _services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level);
}
