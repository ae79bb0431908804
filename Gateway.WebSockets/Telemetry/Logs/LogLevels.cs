using Firezone.Grains.Abstractions.Operations;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>
/// Log levels that operators have changed for a while: rules of the framework's own filter, which is told to look again whenever one comes
/// or goes. As always there, the longest prefix of a category counts.
/// </summary>
internal sealed partial class LogLevels(TimeProvider time, IServiceProvider services)
    : ILogLevels, IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private const string All = "Default";
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private ConfigurationReloadToken _changed = new();

    string? IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Microsoft.Extensions.Options.Options.DefaultName;

    // Not before it is needed: loggers are made from the options that this configures.
    private ILogger Logger => services.GetRequiredService<ILogger<LogLevels>>();

    /// <inheritdoc />
    public void Set(LogLevelOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (GuardedCategories.Contains(order.Category))
            throw new ArgumentException($"The log level of {order.Category} cannot be changed.", nameof(order));
        if (order.Level is null)
        {
            End(order.Category, only: null);
            return;
        }

        var level = Enum.Parse<LogLevel>(order.Level, ignoreCase: true);
        lock (_gate)
        {
            Remove(order.Category);
            if (_entries.Count >= Most)
                Remove(_entries.MinBy(pair => pair.Value.Until).Key);
            var entry = new Entry(level, time.GetUtcNow() + order.For, order.By);
            entry.Timer = time.CreateTimer(_ => End(order.Category, entry), null, order.For, Timeout.InfiniteTimeSpan);
            _entries[order.Category] = entry;
        }

        Reload();
        Begins(Logger, order.Category, level, order.For, order.By);
    }

    /// <inheritdoc />
    public LogLevelOverride[] List()
    {
        lock (_gate)
        {
            return [.. _entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e =>
                new LogLevelOverride(e.Key, $"{e.Value.Level}", e.Value.Until, e.Value.By))];
        }
    }

    /// <inheritdoc />
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        lock (_gate)
        {
            // A rule for one provider would win over those for all.
            string?[] providers = [null, .. options.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct()];
            foreach (var provider in providers)
            {
                foreach (var (category, entry) in _entries)
                    options.Rules.Add(new LoggerFilterRule(provider, category == All ? null : category, entry.Level, null));
                if (_entries.Count == 0)
                    continue;
                foreach (var (category, level) in GuardedCategories.Levels)
                    options.Rules.Add(new LoggerFilterRule(provider, category, Enum.Parse<LogLevel>(level), null));
            }
        }
    }

    /// <inheritdoc />
    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
                entry.Timer?.Dispose();
        }
    }

    private void End(string category, Entry? only)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(category, out var entry) || (only is not null && entry != only))
                return;
            Remove(category);
        }

        Reload();
        Ends(Logger, category);
    }

    private void Remove(string category)
    {
        if (_entries.Remove(category, out var entry))
            entry.Timer?.Dispose();
    }

    private void Reload() => Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();

    [LoggerMessage(EventId = 1193, Level = LogLevel.Information, Message = "Log level of {Category} is {Level} for {Duration}, as {By} wants it")]
    private static partial void Begins(ILogger logger, string category, LogLevel level, TimeSpan duration, string by);

    [LoggerMessage(EventId = 1194, Level = LogLevel.Information, Message = "Log level of {Category} is as configured again")]
    private static partial void Ends(ILogger logger, string category);

    private sealed class Entry(LogLevel level, DateTimeOffset until, string by)
    {
        public LogLevel Level => level;

        public DateTimeOffset Until => until;

        public string By => by;

        public ITimer? Timer { get; set; }
    }
}
