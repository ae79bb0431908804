namespace Firezone.Silos.Operations.Hosting;

/// <summary>Sign-in of operators with an OpenID provider. Section <c>Operations:Oidc</c>.</summary>
public sealed class OidcOptions
{
    /// <summary>The provider's issuer; empty: no such sign-in. https, but for loopback addresses.</summary>
    public string Authority { get; set; } = "";

    /// <summary>As registered with the provider, with the redirect address <c>PublicUrl/signin-oidc</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>As registered with the provider.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Who may sign in, by verified e-mail address. Case does not matter.</summary>
    public IList<string> AllowedEmails { get; } = [];

    /// <summary>A claim by which people may sign in besides, e.g. <c>groups</c>.</summary>
    public string? RequiredClaim { get; set; }

    /// <summary>What the claim must be, or be among its values.</summary>
    public string? RequiredValue { get; set; }

    /// <summary>After this long people sign in again. Default 8 h.</summary>
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Whether people can sign in with it.</summary>
    internal bool IsOn => Authority.Length > 0;
}
