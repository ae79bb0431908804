using Firezone.Grains.Abstractions.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>What a process's log has in addition to the framework's.</summary>
internal static class LogLimitExtensions
{
    /// <summary>Lets operators change log levels for a while. May be called several times.</summary>
    internal static void AddLogLevels(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(LogLevels)))
            return;
        services.AddSingleton(provider => new LogLevels(provider.GetService<TimeProvider>() ?? TimeProvider.System, provider));
        services.AddSingleton<ILogLevels>(provider => provider.GetRequiredService<LogLevels>());
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>());
    }

    /// <summary>Puts the bound on log lines before all log providers.</summary>
    internal static void LimitLines(this ILoggingBuilder logging) =>
        logging.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(services => new LimitedLoggerFactory(
            new LoggerFactory(
                services.GetServices<ILoggerProvider>(),
                services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                services.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
                services.GetService<IExternalScopeProvider>()),
            services.GetRequiredService<IOptions<TelemetryOptions>>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System)));
}
