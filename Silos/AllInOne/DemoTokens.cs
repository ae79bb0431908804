using System.Text.Json;

namespace Firezone.Silos.AllInOne;

/// <summary>
/// The demo account's tokens. The database holds only hashes, so an all-in-one node keeps the texts in a file that only its user can
/// read.
/// </summary>
/// <param name="Client">Of the demo actor.</param>
/// <param name="Gateway">Of the demo site.</param>
/// <param name="Relay">Global.</param>
/// <param name="Admin">Of the admin API, for the demo account.</param>
/// <param name="Operator">Of the pages for operators, and of the admin API's routes that run the cluster.</param>
public sealed record DemoTokens(string Client, string Gateway, string Relay, string Admin, string Operator)
{
    private const string FileName = "demo-tokens.json";

    /// <summary>The saved tokens, or null.</summary>
    public static async Task<DemoTokens?> LoadAsync(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<DemoTokens>(file);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Saves them, readable by this user only.</summary>
    public async Task SaveAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(Path.Combine(directory, FileName), options);
        await JsonSerializer.SerializeAsync(file, this);
    }

    /// <summary>Without the secrets: a record prints its members.</summary>
    public override string ToString() => "demo tokens";
}
