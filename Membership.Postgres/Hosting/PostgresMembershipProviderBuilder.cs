using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Providers;
using Firezone.Membership.Postgres.Hosting;

[assembly: RegisterProvider("PostgresMembership", "Clustering", "Silo", typeof(PostgresMembershipProviderBuilder))]
[assembly: RegisterProvider("PostgresMembership", "Clustering", "Client", typeof(PostgresMembershipProviderBuilder))]

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Lets configuration choose the provider: <c>Orleans:Clustering:ProviderType</c> is <c>PostgresMembership</c>, and the section's other keys
/// are the options; <c>ConnectionName</c> names an entry of <c>ConnectionStrings</c> instead of <c>ConnectionString</c>.
/// </summary>
internal sealed class PostgresMembershipProviderBuilder : IProviderBuilder<ISiloBuilder>, IProviderBuilder<IClientBuilder>
{
    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.UsePostgresMembership(options => Bind(options, configurationSection));

    public void Configure(IClientBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.UsePostgresMembership(options => Bind(options, configurationSection));

    private static void Bind(OptionsBuilder<PostgresMembershipOptions> builder, IConfigurationSection section) =>
        builder.Bind(section).Configure<IConfiguration>((options, configuration) =>
        {
            if (string.IsNullOrEmpty(options.ConnectionString) && section["ConnectionName"] is { Length: > 0 } connection)
                options.ConnectionString = configuration.GetConnectionString(connection) ?? "";
        });
}
