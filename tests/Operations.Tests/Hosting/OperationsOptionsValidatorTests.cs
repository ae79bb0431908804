using Firezone.Silos.Operations.Hosting;

namespace Firezone.Operations.Tests.Hosting;

public sealed class OperationsOptionsValidatorTests
{
    [Fact]
    public void The_defaults_and_nothing_at_all_are_good()
    {
        Assert.Null(Check(new()));
        Assert.Null(Check(new() { Url = "" }));
        Assert.Null(Check(new() { Oidc = Oidc() }));
    }

    [Theory]
    [InlineData("8083", "Operations:Url")]
    [InlineData("https://127.0.0.1:8083", "Operations:Url")]
    [InlineData("http://127.0.0.1:8083/path", "Operations:Url")]
    public void A_wrong_address_is_named(string url, string key) => Assert.Contains(key, Check(new() { Url = url }), StringComparison.Ordinal);

    [Fact]
    public void Half_a_provider_is_refused()
    {
        Assert.Contains("Operations:Oidc:ClientSecret", Check(new() { Oidc = Oidc(o => o.ClientSecret = "") }), StringComparison.Ordinal);
        Assert.Contains("Operations:Oidc:ClientId", Check(new() { Oidc = Oidc(o => o.ClientId = "") }), StringComparison.Ordinal);
        Assert.Contains("Operations:Oidc:AllowedEmails", Check(new() { Oidc = Oidc(o => o.AllowedEmails.Clear()) }), StringComparison.Ordinal);
        Assert.Contains("Operations:Oidc:RequiredClaim", Check(new() { Oidc = Oidc(o => o.RequiredClaim = "groups") }), StringComparison.Ordinal);
        Assert.Contains("Operations:Oidc:Authority", Check(new() { Oidc = Oidc(o => o.Authority = "http://idp.example.com") }), StringComparison.Ordinal);
        Assert.Contains("Operations:Oidc:SessionTime", Check(new() { Oidc = Oidc(o => o.SessionTime = TimeSpan.Zero) }), StringComparison.Ordinal);
        Assert.Contains("Operations:PublicUrl", Check(new() { Url = "http://0.0.0.0:8083", Oidc = Oidc() }), StringComparison.Ordinal);
        Assert.Contains("Operations:PublicUrl", Check(new() { PublicUrl = "ops.example.com" }), StringComparison.Ordinal);
        Assert.Contains("Operations:MaxWatchers", Check(new() { MaxWatchers = 0 }), StringComparison.Ordinal);
    }

    private static OidcOptions Oidc(Action<OidcOptions>? change = null)
    {
        var oidc = new OidcOptions { Authority = "https://idp.example.com", ClientId = "a", ClientSecret = "b" };
        oidc.AllowedEmails.Add("ada@example.com");
        change?.Invoke(oidc);
        return oidc;
    }

    private static string? Check(OperationsOptions options) => new OperationsOptionsValidator().Validate(null, options).FailureMessage;
}
