using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>Puts the bound on log lines before all of a process's log providers.</summary>
internal static class LogLimitExtensions
{
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
