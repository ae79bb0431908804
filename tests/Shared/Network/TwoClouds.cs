using System.Globalization;
using System.Text.RegularExpressions;

namespace Firezone.Shared.Network;

/// <summary>
/// Two network namespaces, "gcp" and "azure", on a bridge whose own address stands for the place of the database. Names carry the id of
/// the process, so that what a killed one has left is found and removed.
/// </summary>
public sealed partial class TwoClouds : IDisposable
{
    private const string Prefix = "fz";
    private static int _count;
    private readonly string _bridge;
    private readonly string[] _links;

    public TwoClouds()
    {
        RemoveStale();
        var process = Environment.ProcessId;
        var id = string.Create(CultureInfo.InvariantCulture, $"{process}-{Interlocked.Increment(ref _count)}");
        // Few will have a network of their own here.
        var network = string.Create(CultureInfo.InvariantCulture, $"10.213.{process % 256}");
        Database = network + ".254";
        Network = network + ".0/24";
        _bridge = $"{Prefix}b{id}";
        _links = [$"{Prefix}g{id}", $"{Prefix}a{id}"];
        Gcp = new Cloud($"{Prefix}-gcp-{id}", network + ".1", "gcp/us-east1");
        Azure = new Cloud($"{Prefix}-azure-{id}", network + ".2", "azure/eastus");
        try
        {
            Shell.Run("ip", "link", "add", _bridge, "type", "bridge");
            Shell.Run("ip", "addr", "add", Database + "/24", "dev", _bridge);
            Shell.Run("ip", "link", "set", _bridge, "up");
            Add(Gcp, _links[0]);
            Add(Azure, _links[1]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Cloud Gcp { get; }

    public Cloud Azure { get; }

    /// <summary>Address of the bridge, outside both clouds.</summary>
    public string Database { get; }

    /// <summary>All of these addresses, as <c>address/length</c>.</summary>
    public string Network { get; }

    /// <summary>Whether the kernel lets this process have namespaces and filters in them.</summary>
    public static bool TryProbe(out string error)
    {
        try
        {
            using var clouds = new TwoClouds();
            clouds.Azure.CutFromEverything();
            error = "";
            return true;
        }
        catch (InvalidOperationException e)
        {
            error = e.Message;
            return false;
        }
    }

    public void Dispose()
    {
        Remove(Gcp.Namespace);
        Remove(Azure.Namespace);
        // The end of a namespace takes its links along, but only after a while.
        foreach (var link in _links)
            Shell.Try("ip", "link", "del", link);
        Shell.Try("ip", "link", "del", _bridge);
    }

    private void Add(Cloud cloud, string link)
    {
        Shell.Run("ip", "netns", "add", cloud.Namespace);
        Shell.Run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", cloud.Namespace);
        Shell.Run("ip", "link", "set", link, "master", _bridge, "up");
        Shell.Run("ip", "-n", cloud.Namespace, "addr", "add", cloud.Address + "/24", "dev", "eth0");
        Shell.Run("ip", "-n", cloud.Namespace, "link", "set", "lo", "up");
        Shell.Run("ip", "-n", cloud.Namespace, "link", "set", "eth0", "up");
    }

    private static void RemoveStale()
    {
        foreach (Match name in NamespaceName().Matches(Shell.Run("ip", "netns", "list")))
        {
            if (!Directory.Exists("/proc/" + name.Groups[1].Value))
                Remove(name.Value);
        }

        foreach (Match name in BridgeName().Matches(Shell.Run("ip", "-o", "link", "show", "type", "bridge")))
        {
            if (!Directory.Exists("/proc/" + name.Groups[1].Value))
                Shell.Try("ip", "link", "del", name.Value);
        }
    }

    private static void Remove(string name)
    {
        // Without its processes, or it lives on without a name.
        if (!Shell.Try("ip", "netns", "pids", name))
            return;
        foreach (var pid in Shell.Run("ip", "netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Shell.Try("kill", "-9", pid);
        Shell.Try("ip", "netns", "del", name);
    }

    [GeneratedRegex($@"\b{Prefix}-(?:gcp|azure)-(\d+)-\d+")]
    private static partial Regex NamespaceName();

    [GeneratedRegex($@"\b{Prefix}b(\d+)-\d+")]
    private static partial Regex BridgeName();
}
