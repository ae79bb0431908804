namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>What the three files hold. Equal if the contents are.</summary>
internal sealed record TlsFiles(string Certificate, string Key, string Authority)
{
    private const int LargestFile = 1024 * 1024;

    /// <exception cref="TlsConfigurationException">One of them cannot be read.</exception>
    internal static TlsFiles Read(TlsOptions options) => new(
        Read(nameof(options.Certificate), options.Certificate!),
        Read(nameof(options.Key), options.Key!),
        Read(nameof(options.Authority), options.Authority!));

    /// <summary>Without the contents: one of them is a secret.</summary>
    public override string ToString() => nameof(TlsFiles);

    private static string Read(string key, string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > LargestFile)
                throw new TlsConfigurationException($"Tls:{key}: the file '{path}' is larger than 1 MiB.");
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsConfigurationException($"Tls:{key}: there is no file '{path}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TlsConfigurationException($"Tls:{key}: the file '{path}' cannot be read ({e.GetType().Name}).");
        }
    }
}
