using Firezone.Cli.Api;

namespace Firezone.Cli.Commands;

/// <summary>A command line, understood: the call that it stands for.</summary>
/// <param name="Call">What is sent.</param>
/// <param name="Subject">What the command is about, as it was typed.</param>
/// <param name="Limit">How many items to get at most.</param>
/// <param name="Local">Flags that are not sent.</param>
internal sealed record Request(ApiCall Call, string Subject, int? Limit, IReadOnlySet<string> Local);
