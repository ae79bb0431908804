namespace Firezone.Cli.Settings;

/// <summary>A stored address and its token. Not a record: it must not print itself.</summary>
internal sealed class Profile
{
    public required string ApiUrl { get; init; }

    public required string Token { get; init; }
}
