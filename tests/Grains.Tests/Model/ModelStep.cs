namespace Firezone.Grains.Tests.Model;

/// <summary>What happens at once, and what is expected of it beyond the state in the end.</summary>
internal sealed class ModelStep
{
    /// <summary>What is done, in words.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>What is done.</summary>
    public List<Func<Task>> Acts { get; } = [];

    /// <summary>Flows that were asked for.</summary>
    public List<Flow> Flows { get; } = [];

    /// <summary>The configuration changes.</summary>
    public bool Changes { get; set; }

    /// <summary>Sockets are opened, lost or closed.</summary>
    public bool Connects { get; private set; }

    /// <summary>The only thing that changes, if it is a policy.</summary>
    public Guid? OnlyPolicy { get; init; }

    /// <summary>
    /// The step before changed nothing. Otherwise a session may be told of that one now: a resource that goes and comes again leaves its view
    /// as it was, so that nobody has waited for it.
    /// </summary>
    public bool IsFirstChange { get; set; }

    /// <summary>Sessions whose grain was lost are attached again only when everything else is done.</summary>
    public bool ResumesLate { get; init; }

    /// <summary>No answer to an earlier step's flow may come in this one.</summary>
    public bool IsUndisturbed { get; set; }

    public void Change(string sql, ModelAccount account)
    {
        Changes = true;
        Add(sql, () => account.ExecuteAsync(sql));
    }

    public void Connect(string text, Func<Task> act)
    {
        Connects = true;
        Add(text, act);
    }

    public void Ask(Flow flow)
    {
        Flows.Add(flow);
        Add($"{flow.Client.Name} asks for {flow.ResourceId}", () => flow.Client.CreateFlowAsync(flow.ResourceId, flow.ConnectedGatewayIds));
    }

    private void Add(string text, Func<Task> act)
    {
        Texts.Add(text);
        Acts.Add(act);
    }

    internal sealed record Flow(ClientSession Client, Guid ResourceId, Guid[] ConnectedGatewayIds);
}
