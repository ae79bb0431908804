using Firezone.Membership.Postgres;
using Microsoft.Extensions.Configuration;
using Orleans.Hosting;

namespace Firezone.Membership.Node.Running;

/// <summary>The one place that chooses the membership provider.</summary>
internal static class Clustering
{
    private const string AdoNet = "adonet";
    private const string Postgres = "postgres";
    private const string Invariant = "Npgsql";

    public static void Use(ISiloBuilder silo, NodeOptions options)
    {
        switch (options.Provider)
        {
            case AdoNet:
                silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, options.Connection));
                break;
            case Postgres:
                silo.UsePostgresMembership(o => Set(o, options));
                break;
            default:
                throw Unknown(options);
        }
    }

    public static void Use(IClientBuilder client, NodeOptions options)
    {
        switch (options.Provider)
        {
            case AdoNet:
                client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, options.Connection));
                break;
            case Postgres:
                client.UsePostgresMembership(o => Set(o, options));
                break;
            default:
                throw Unknown(options);
        }
    }

    private static void Set(PostgresMembershipOptions membership, NodeOptions options)
    {
        new ConfigurationBuilder().AddInMemoryCollection(options.Membership.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build()
            .Bind(membership);
        membership.ConnectionString = options.Connection;
        membership.Region = options.Region;
    }

    private static ArgumentException Unknown(NodeOptions options) => new($"--provider {options.Provider}: neither {AdoNet} nor {Postgres}.");
}
