using System.Net;
using Microsoft.Extensions.Options;

namespace Firezone.Silos.Operations.Hosting;

/// <summary>Refuses to start with settings that cannot work or are not safe; each message names the key.</summary>
public sealed class OperationsOptionsValidator : IValidateOptions<OperationsOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, OperationsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Url.Length == 0)
            return ValidateOptionsResult.Success;
        var failures = new List<string>();
        if (!IsOrigin(options.Url, out var url) || url.Scheme != Uri.UriSchemeHttp)
            failures.Add($"Operations:Url is '{options.Url}'; expected http://address:port, or nothing.");
        if (options.PublicUrl is { } shown && !IsOrigin(shown, out _))
            failures.Add($"Operations:PublicUrl is '{shown}'; expected https://name or http://name:port.");
        if (options.MaxWatchers is < 1 or > 10_000)
            failures.Add($"Operations:MaxWatchers is {options.MaxWatchers}; expected 1 to 10000.");
        if (options.Oidc.IsOn)
            Check(options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(OperationsOptions options, List<string> failures)
    {
        var oidc = options.Oidc;
        if (!Uri.TryCreate(oidc.Authority, UriKind.Absolute, out var authority)
            || (authority.Scheme != Uri.UriSchemeHttps && !(authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
            failures.Add($"Operations:Oidc:Authority is '{oidc.Authority}'; expected an https address.");
        if (oidc.ClientId.Length == 0)
            failures.Add("Operations:Oidc:ClientId is missing.");
        if (oidc.ClientSecret.Length == 0)
            failures.Add("Operations:Oidc:ClientSecret is missing.");
        if (oidc.AllowedEmails.Count == 0 && oidc.RequiredClaim is null)
            failures.Add("Operations:Oidc:AllowedEmails or Operations:Oidc:RequiredClaim must say who may sign in.");
        if (oidc.RequiredClaim is null != oidc.RequiredValue is null)
            failures.Add("Operations:Oidc:RequiredClaim and Operations:Oidc:RequiredValue go together.");
        if (oidc.SessionTime < TimeSpan.FromMinutes(1) || oidc.SessionTime > TimeSpan.FromDays(7))
            failures.Add($"Operations:Oidc:SessionTime is {oidc.SessionTime}; expected 00:01:00 to 7.00:00:00.");
        if (options.PublicUrl is null && Uri.TryCreate(options.Url, UriKind.Absolute, out var url)
            && IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            failures.Add("Operations:PublicUrl is missing: the OpenID provider has to send browsers back to some address.");
    }

    private static bool IsOrigin(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
}
