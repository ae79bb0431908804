using Firezone.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Hosting;

/// <summary>Adds the admin API to a process.</summary>
public static class AdminHostingExtensions
{
    /// <summary>The process must also have an <see cref="IGrainFactory"/>. Without <c>Admin:Url</c> nothing is added.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="connectionString">Of the migrated database.</param>
    public static void AddFirezoneAdmin(this IHostApplicationBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(AdminOptions.SectionName);
        if ((section.Get<AdminOptions>() ?? new AdminOptions()).Url.Length == 0)
            return;
        var services = builder.Services;
        services.AddOptions<AdminOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => new AdminServer(
            connectionString,
            s.GetService<Database>(),
            s.GetRequiredService<IOptions<AdminOptions>>(),
            s.GetRequiredService<IGrainFactory>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(s => s.GetRequiredService<AdminServer>());
    }
}
