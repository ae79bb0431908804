namespace Firezone.Admin.Operations;

/// <summary>A log level that is not the configured one at present.</summary>
/// <param name="Category">Prefix of the log categories.</param>
/// <param name="Level">The least level.</param>
/// <param name="Until">When it ends by itself.</param>
/// <param name="By">Name of the token that it was wanted with.</param>
public sealed record NodeLogLevel(string Category, string Level, DateTimeOffset Until, string By);
