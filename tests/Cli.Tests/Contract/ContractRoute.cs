namespace Firezone.Cli.Tests.Contract;

/// <summary>One line of the contract.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Template">Path with its parameters in braces.</param>
/// <param name="Id">The operation's name.</param>
/// <param name="Roles">Who may: reader, admin, operator.</param>
/// <param name="Body">Members of the body: <c>!</c> must be there, <c>?</c> may be null.</param>
/// <param name="Filters">Query parameters besides limit and cursor; null: the route is no list.</param>
internal sealed record ContractRoute(string Method, string Template, string Id, string Roles, string Body = "", string? Filters = null)
{
    private readonly string[] _parts = Template.Split('/');

    /// <summary>The parameters of a path that this route serves; null for another path.</summary>
    public Dictionary<string, string>? Match(string path)
    {
        var parts = path.Split('/');
        if (parts.Length != _parts.Length)
            return null;
        Dictionary<string, string> parameters = [];
        for (var i = 0; i < parts.Length; i++)
        {
            if (_parts[i].StartsWith('{'))
                parameters[_parts[i].Trim('{', '}')] = parts[i];
            else if (_parts[i] != parts[i])
                return null;
        }

        return parameters;
    }
}
