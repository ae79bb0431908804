using Firezone.Shared;

namespace Firezone.Operations.Tests.Support;

/// <summary>A node whose operators sign in with a provider.</summary>
public sealed class OidcFixture : IAsyncLifetime
{
    private OpenIdProvider? _provider;
    private OperationsNode? _node;

    public OperationsNode Node => _node!;

    /// <summary>As browsers reach the pages.</summary>
    public string Url { get; private set; } = "";

    internal OpenIdProvider Provider => _provider!;

    public async Task InitializeAsync()
    {
        var port = ServerPort.Next();
        Url = $"http://localhost:{port}";
        _provider = await OpenIdProvider.StartAsync($"{Url}/signin-oidc");
        _node = await OperationsNode.StartAsync(
            ("Operations:Url", $"http://127.0.0.1:{port}"),
            ("Operations:PublicUrl", Url),
            ("Operations:Oidc:Authority", _provider.Url),
            ("Operations:Oidc:ClientId", OpenIdProvider.ClientId),
            ("Operations:Oidc:ClientSecret", OpenIdProvider.ClientSecret),
            ("Operations:Oidc:AllowedEmails:0", "Ada@example.com"),
            ("Operations:Oidc:RequiredClaim", "groups"),
            ("Operations:Oidc:RequiredValue", "operators"));
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
    }
}
