using System.Runtime.Versioning;

namespace Firezone.Bench.Load;

/// <summary>What load needs to get in: tokens of one account, and resources that all of its clients may use.</summary>
public sealed class Credentials
{
    /// <summary>A token per client, or fewer that several share.</summary>
    public required IReadOnlyList<string> ClientTokens { get; init; }

    /// <summary>The site's.</summary>
    public required string GatewayToken { get; init; }

    /// <summary>Any relay's; null: no relay takes part.</summary>
    public string? RelayToken { get; init; }

    /// <summary>For changes of the account by the admin API; null: there are none.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Resource ids.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>
    /// Reads files with one value per line: <c>clients</c>, <c>gateway</c>, <c>resources</c>, and <c>relay</c> and <c>admin</c>, which may be
    /// missing.
    /// </summary>
    /// <exception cref="LoadException">A file is missing or empty.</exception>
    public static Credentials Read(string directory)
    {
        string[] Lines(string name)
        {
            try
            {
                var lines = File.ReadLines(Path.Combine(directory, name)).Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
                return lines.Length > 0 ? lines : throw new LoadException($"The file '{name}' in {directory} is empty.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new LoadException($"The file '{name}' in {directory} cannot be read: {e.Message}");
            }
        }

        string? Optional(string name) => File.Exists(Path.Combine(directory, name)) ? Lines(name)[0] : null;

        return new Credentials
        {
            ClientTokens = Lines("clients"),
            GatewayToken = Lines("gateway")[0],
            RelayToken = Optional("relay"),
            AdminToken = Optional("admin"),
            Resources = Lines("resources"),
        };
    }

    /// <summary>Writes the files that <see cref="Read"/> reads, for their owner only.</summary>
    [SupportedOSPlatform("linux")]
    public void Write(string directory)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var (name, lines) in ((string, IReadOnlyList<string?>)[])
            [("clients", ClientTokens), ("gateway", [GatewayToken]), ("relay", [RelayToken]), ("admin", [AdminToken]), ("resources", Resources)])
        {
            if (lines[0] is not null)
                File.WriteAllLines(Path.Combine(directory, name), lines!);
        }
    }
}
