namespace Firezone.Cli.Api;

/// <summary>An answer that is read while it comes.</summary>
internal sealed record ApiStream(HttpResponseMessage Response, Stream Body) : IDisposable
{
    public void Dispose() => Response.Dispose();
}
