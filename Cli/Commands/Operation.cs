using System.Text.Json.Nodes;
using Firezone.Cli.Output;

namespace Firezone.Cli.Commands;

/// <summary>
/// A command that is one call of the API, such as <c>new("sites list", "Lists the sites", "GET /v1/sites")</c>. A row of the catalog.
/// </summary>
/// <param name="Words">What is typed.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Call">Method and route.</param>
/// <param name="Inputs">What can be given, arguments in their order.</param>
internal sealed record Operation(string Words, string Help, string Call, params Input[] Inputs)
{
    /// <summary>
    /// The members that make the columns of a list's table; an id behind an equals sign is not replaced by a name. Null: the answer is one object,
    /// or nothing.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>What is lost; asked before anything is done.</summary>
    public string? Warning { get; init; }

    /// <summary>Completes the body before it is sent.</summary>
    public Func<Session, JsonObject, CancellationToken, Task>? Prepare { get; init; }

    /// <summary>Shows the answer, where one member a line is not enough.</summary>
    public Action<Report, JsonObject>? Show { get; init; }

    /// <summary>Takes the place of the one call.</summary>
    public Func<Session, Request, CancellationToken, Task<int>>? Run { get; init; }

    public HttpMethod Method => HttpMethod.Parse(Call.Split(' ')[0]);

    public string Route => Call.Split(' ')[1];

    public bool IsList => Columns is not null;

    /// <summary>Whether there can be more than one wants to see.</summary>
    public bool HasLimit => IsList || (Run is not null && Method == HttpMethod.Get);

    public bool HasBody => Method != HttpMethod.Get && Array.Exists(Inputs, input => input.Place == Place.Body);
}
