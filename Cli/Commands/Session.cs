using Firezone.Cli.Api;
using Firezone.Cli.Output;
using Firezone.Cli.References;

namespace Firezone.Cli.Commands;

/// <summary>What one run of a command works with.</summary>
internal sealed class Session(Surroundings surroundings, ApiClient api, bool json) : IDisposable
{
    public Surroundings Surroundings { get; } = surroundings;

    public ApiClient Api { get; } = api;

    public ReferenceResolver References { get; } = new(api);

    public Report Report { get; } = new(surroundings, new NameBook(api), json);

    public void Dispose() => Api.Dispose();
}
