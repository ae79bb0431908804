using Firezone.Cli.Tests.Contract;

namespace Firezone.Cli.Tests.Commands;

/// <summary>A command line and the request that it must become. Names in angle brackets stand for ids.</summary>
internal sealed record Scenario(
    string Line, string Call, string? Body = null, string Query = "", string Path = "", string Token = ContractWorld.AdminToken)
{
    public bool IsList => ContractRoutes.All.Single(route => $"{route.Method} {route.Template}" == Call).Filters is not null;
}
