namespace Firezone.Shared.Network;

/// <summary>A network namespace with one address.</summary>
/// <param name="Namespace">Its name for <c>ip netns</c>.</param>
/// <param name="Address">Of everything in it.</param>
/// <param name="Region">Region of its silos.</param>
public sealed record Cloud(string Namespace, string Address, string Region)
{
    private const string Table = "cut";

    /// <summary>Drops every packet from and to an address, without a word to either side.</summary>
    public void CutFrom(string address) => Drop($"ip saddr {address}", $"ip daddr {address}");

    /// <summary>Drops every packet that would come in or go out.</summary>
    public void CutFromEverything() => Drop("iifname != \"lo\"", "oifname != \"lo\"");

    /// <summary>Lets everything through again.</summary>
    public void Heal() => Nft("delete", "table", "inet", Table);

    private void Drop(string incoming, string outgoing)
    {
        Nft("add", "table", "inet", Table);
        foreach (var (hook, match) in ((string, string)[])[("input", incoming), ("output", outgoing)])
        {
            Nft("add", "chain", "inet", Table, hook, $"{{ type filter hook {hook} priority 0; }}");
            Nft(["add", "rule", "inet", Table, hook, .. match.Split(' '), "drop"]);
        }
    }

    private void Nft(params string[] arguments) => Shell.Run("ip", ["netns", "exec", Namespace, "nft", .. arguments]);
}
