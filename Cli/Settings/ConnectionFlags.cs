namespace Firezone.Cli.Settings;

/// <summary>What the command line says about where to connect.</summary>
internal sealed record ConnectionFlags(string? ApiUrl, string? TokenFile, string? Profile);
