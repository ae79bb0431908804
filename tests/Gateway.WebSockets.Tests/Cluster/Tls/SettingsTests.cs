using Firezone.Gateway.WebSockets.Cluster.Tls;
using Microsoft.Extensions.Configuration;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

public sealed class SettingsTests
{
    [Fact]
    public void Without_settings_there_are_no_certificates_and_the_name_is_that_of_the_cluster()
    {
        var options = Read(("Certificate", ""));
        Assert.False(options.HasCertificate());
        Assert.False(options.AllowPlaintext);
        Assert.Equal("blue", options.PeerName);
    }

    [Theory]
    [InlineData("Certificate", "Tls:Key and Tls:Authority is not set")]
    [InlineData("Key", "Tls:Certificate and Tls:Authority is not set")]
    public void One_file_alone_is_refused(string key, string told) => Refused(told, (key, "/some/file"));

    [Fact]
    public void Two_files_are_refused() => Refused("Tls:Authority is not set", ("Certificate", "/some/file"), ("Key", "/some/file"));

    [Theory]
    [InlineData("HandshakeTimeout", "00:00:00")]
    [InlineData("HandshakeTimeout", "00:02:00")]
    [InlineData("ReloadInterval", "-00:00:01")]
    [InlineData("MaxHandshakes", "0")]
    [InlineData("MaxHandshakes", "many")]
    public void A_value_that_cannot_work_is_refused_by_name(string key, string value) => Refused($"Tls:{key}", (key, value));

    private static TlsOptions Read(params (string Key, string Value)[] settings) => TlsSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => $"Tls:{s.Key}", s => (string?)s.Value)).Build(), "blue");

    private static void Refused(string told, params (string Key, string Value)[] settings) =>
        Assert.Contains(told, Assert.Throws<TlsConfigurationException>(() => Read(settings)).Message, StringComparison.Ordinal);
}
