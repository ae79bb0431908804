namespace Firezone.Bench.Benchmarking;

/// <summary>What the load needs to get in: tokens of one account, and resources that all of its clients may use.</summary>
/// <param name="ClientTokens">A token per client.</param>
/// <param name="GatewayToken">The site's.</param>
/// <param name="RelayToken">Any relay's.</param>
/// <param name="Resources">Resource ids.</param>
internal sealed record Credentials(
    IReadOnlyList<string> ClientTokens, string GatewayToken, string RelayToken, IReadOnlyList<string> Resources)
{
    /// <summary>Reads files with one value per line: <c>clients</c>, <c>gateway</c>, <c>relay</c>, <c>resources</c>.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    public static Credentials Read(string directory)
    {
        string[] Lines(string name) =>
            [.. File.ReadLines(Path.Combine(directory, name)).Select(line => line.Trim()).Where(line => line.Length > 0)];

        return new Credentials(Lines("clients"), Lines("gateway")[0], Lines("relay")[0], Lines("resources"));
    }

    /// <summary>Writes the files that <see cref="Read"/> reads, for their owner only.</summary>
    public void Write(string directory)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllLines(Path.Combine(directory, "clients"), ClientTokens);
        File.WriteAllLines(Path.Combine(directory, "gateway"), [GatewayToken]);
        File.WriteAllLines(Path.Combine(directory, "relay"), [RelayToken]);
        File.WriteAllLines(Path.Combine(directory, "resources"), Resources);
    }
}
