namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>The settings of section <c>Tls</c> cannot work; the message is one line that names key and file.</summary>
public sealed class TlsConfigurationException(string message) : Exception(message);
