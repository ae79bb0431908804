namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Reads the section <see cref="TlsOptions.SectionName"/>.</summary>
internal static class TlsSettings
{
    private const string Together = $"{nameof(TlsOptions.Certificate)}, {nameof(TlsOptions.Key)} and {nameof(TlsOptions.Authority)}";

    /// <exception cref="TlsConfigurationException">A key is missing or has a value that cannot be used.</exception>
    internal static TlsOptions Read(IConfiguration configuration, string clusterId)
    {
        var options = new TlsOptions();
        try
        {
            configuration.GetSection(TlsOptions.SectionName).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new TlsConfigurationException($"Configuration section {TlsOptions.SectionName}: {e.Message}");
        }

        if (string.IsNullOrWhiteSpace(options.PeerName))
            options.PeerName = clusterId;
        Demand(nameof(options.HandshakeTimeout), options.HandshakeTimeout, TimeSpan.FromMinutes(1));
        Demand(nameof(options.ReloadInterval), options.ReloadInterval, TimeSpan.FromDays(1));
        if (options.MaxHandshakes is < 1 or > 100_000)
            throw new TlsConfigurationException(FormattableString.Invariant($"Tls:MaxHandshakes is {options.MaxHandshakes}; expected 1 to 100000."));

        (string Key, string? Path)[] files =
            [(nameof(options.Certificate), options.Certificate), (nameof(options.Key), options.Key), (nameof(options.Authority), options.Authority)];
        var missing = files.Where(file => string.IsNullOrWhiteSpace(file.Path)).Select(file => $"Tls:{file.Key}").ToArray();
        if (missing.Length is > 0 and < 3)
            throw new TlsConfigurationException($"{string.Join(" and ", missing)} is not set; {Together} of section Tls are needed together.");
        return options;
    }

    /// <summary>Whether there is anything to prove oneself with.</summary>
    internal static bool HasCertificate(this TlsOptions options) => !string.IsNullOrWhiteSpace(options.Certificate);

    private static void Demand(string key, TimeSpan value, TimeSpan most)
    {
        if (value <= TimeSpan.Zero || value > most)
            throw new TlsConfigurationException($"Tls:{key} is {value}; expected more than 0 and at most {most}.");
    }
}
