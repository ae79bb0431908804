using System.Globalization;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Resources;

/// <summary>Which filters a resource may have.</summary>
internal static class FilterRules
{
    private const int MaxPorts = 100;
    private static readonly string[] Protocols = ["tcp", "udp", "icmp"];

    /// <summary>Judges filters and brings them into the form in which they are stored.</summary>
    public static TrafficFilter[] Check(IReadOnlyList<TrafficFilter> filters, Findings findings)
    {
        var seen = new HashSet<string>();
        var stored = new List<TrafficFilter>(filters.Count);
        for (var i = 0; i < filters.Count; i++)
        {
            var filter = filters[i];
            if (filter is null || !Protocols.Contains(filter.Protocol))
                findings.Add($"filters[{i}].protocol", "must be tcp, udp or icmp");
            else if (!seen.Add(filter.Protocol))
                findings.Add($"filters[{i}].protocol", "must not occur twice");
            else
                stored.Add(filter with { Ports = Ports(filter, i, findings) });
        }

        return [.. stored];
    }

    private static string[] Ports(TrafficFilter filter, int index, Findings findings)
    {
        var ports = filter.Ports ?? [];
        var member = $"filters[{index}].ports";
        if (filter.Protocol == "icmp" && ports.Length > 0)
            findings.Add(member, "must be empty for icmp");
        if (ports.Length > MaxPorts)
            findings.Add(member, $"at most {MaxPorts} entries");
        var stored = new List<string>(ports.Length);
        for (var i = 0; i < Math.Min(ports.Length, MaxPorts); i++)
        {
            if (Canonical(ports[i]) is { } port)
                stored.Add(port);
            else
                findings.Add($"{member}[{i}]", "must be a port such as 443 or a range such as 100 - 200");
        }

        return [.. stored];
    }

    private static string? Canonical(string? text)
    {
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0)
            return Port(text) is { } port ? Text(port) : null;
        return Port(text![..dash]) is { } from && Port(text[(dash + 1)..]) is { } to && from <= to ? $"{Text(from)} - {Text(to)}" : null;
    }

    private static int? Port(string? text) =>
        int.TryParse(text?.Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
