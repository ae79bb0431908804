namespace Firezone.Silos.Operations.Hosting;

/// <summary>Settings of the pages for operators. Section <c>Operations</c>.</summary>
public sealed class OperationsOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Operations";

    /// <summary>Where to listen unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8083";

    /// <summary>Where to listen; empty: no such pages in this process. Default <c>http://127.0.0.1:8083</c>.</summary>
    public string Url { get; set; } = DefaultUrl;

    /// <summary>
    /// The address under which browsers reach the pages, if it is another than <see cref="Url"/>, e.g. <c>https://ops.example.com</c>. With
    /// https, cookies are for https only.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Whether the Orleans dashboard is there. It has to be on in every silo that it is to show, and costs a little with each grain call.
    /// Default true.
    /// </summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>Most browsers that watch the overview live at one time; others have to reload. Default 50.</summary>
    public int MaxWatchers { get; set; } = 50;

    /// <summary>Sign-in with an OpenID provider, besides operator tokens. Off unless it has an authority.</summary>
    public OidcOptions Oidc { get; set; } = new();

    /// <summary>What browsers are sent back to.</summary>
    internal Uri Origin => new(PublicUrl ?? Url);
}
