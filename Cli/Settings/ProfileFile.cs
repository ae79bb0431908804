using System.Text.Json;

namespace Firezone.Cli.Settings;

/// <summary>The file with the stored profiles. Only its owner may read it.</summary>
internal sealed class ProfileFile
{
    public const string DefaultName = "default";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Shared = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const int LargestFile = 1024 * 1024;

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The profile that is used when none is named.</summary>
    public string Current { get; set; } = DefaultName;

    public SortedDictionary<string, Profile> Profiles { get; init; } = [];

    public static string PathFor(Surroundings surroundings)
    {
        var folder = surroundings.Variable("XDG_CONFIG_HOME") is { Length: > 0 } configured
            ? configured
            : Path.Combine(surroundings.Variable("HOME") ?? ".", ".config");
        return Path.Combine(folder, "firezone", "config.json");
    }

    /// <summary>The file's content; an empty one when there is no file.</summary>
    public static ProfileFile Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return new ProfileFile();
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Shared) != 0)
            throw CliException.Usage($"{path} holds API tokens and others may read or write it; chmod 600 {path}");
        try
        {
            if (file.Length > LargestFile)
                throw Unusable(path);
            return JsonSerializer.Deserialize<ProfileFile>(File.ReadAllText(path), Json) ?? throw Unusable(path);
        }
        catch (JsonException)
        {
            throw Unusable(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file as a whole, so that a crash leaves the old one or the new one.</summary>
    public void Save(string path)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            var draft = $"{path}.{Environment.ProcessId}";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Private;
            using (var stream = new FileStream(draft, options))
                JsonSerializer.Serialize(stream, this, Json);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{path} cannot be written: {e.Message}");
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
    }

    private static CliException Unusable(string path) => CliException.Usage($"{path} is not a file of this program; delete it or mend it.");
}
