using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Operations;

/// <summary>What a process logs otherwise than configured. A process that is silo and front-end appears as both.</summary>
/// <param name="Kind"><c>silo</c> or <c>front_end</c>.</param>
/// <param name="Id">A silo's name, or a front-end's id.</param>
/// <param name="Answered">False: it is known and does not answer.</param>
/// <param name="LogLevels">Empty: as configured.</param>
public sealed record NodeLogLevelsView(string Kind, string Id, bool Answered, IReadOnlyList<NodeLogLevel> LogLevels)
{
    internal static NodeLogLevelsView Of(NodeLogLevels node) => new(
        node.Kind,
        node.Id,
        node.Reach is NodeReach.Answered,
        [.. node.Overrides.Select(o => new NodeLogLevel(o.Category, o.Level.ToLowerInvariant(), o.Until, o.By))]);
}
