using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Output;

namespace Firezone.Cli.Commands;

/// <summary>Carries out a row of the catalog.</summary>
internal sealed class OperationRunner(Operation operation, Session session)
{
    private const int MostLines = 10_000;

    public async Task<int> RunAsync(
        IReadOnlyList<(Input Input, string[] Texts)> given, bool agreed, int? limit, string? idempotencyKey, CancellationToken ct)
    {
        var request = await UnderstandAsync(given, limit, idempotencyKey, ct);
        if (operation.Warning is not null && !agreed)
            await AskAsync(request, ct);
        if (operation.Run is not null)
            return await operation.Run(session, request, ct);

        if (operation.IsList)
            await session.Report.ListAsync(await ListAsync(request, ct), operation.Columns!, ct);
        else
            await ShowAsync(request, await session.Api.SendAsync(request.Call, ct) as JsonObject, ct);
        return ExitCode.Success;
    }

    private async Task<Request> UnderstandAsync(
        IReadOnlyList<(Input Input, string[] Texts)> given, int? limit, string? idempotencyKey, CancellationToken ct)
    {
        var path = operation.Route;
        var body = operation.HasBody ? new JsonObject() : null;
        List<KeyValuePair<string, string>> query = [];
        var subject = "";
        HashSet<string> local = [];
        foreach (var (input, texts) in given)
        {
            switch (input.Place)
            {
                case Place.Path:
                    subject = $"{input.Thing!.Noun} {texts[0]}";
                    path = path.Replace($"{{{input.Member}}}", await session.References.ResolveAsync(input.Thing, texts[0], ct));
                    break;
                case Place.Query:
                    foreach (var text in texts)
                        query.Add(new(input.Member, (string)(await ConvertAsync(input, text, ct))!));
                    break;
                case Place.Local:
                    local.Add(input.Member);
                    break;
                default:
                    body!.SetPath(input.Member, await BodyValueAsync(input, texts, ct));
                    break;
            }
        }

        if (operation.Method == HttpMethod.Patch && body!.Count == 0)
            throw CliException.Usage($"Nothing to change; give {Alternatives()}.");
        if (operation.Prepare is not null)
            await operation.Prepare(session, body!, ct);
        var call = new ApiCall(operation.Method, path)
        {
            Query = query,
            Body = body,
            IdempotencyKey = operation.Method == HttpMethod.Post ? idempotencyKey ?? Guid.NewGuid().ToString() : null,
        };
        return new Request(call, subject, limit, local);
    }

    private string Alternatives() =>
        string.Join(" or ", operation.Inputs.Where(input => input is { Place: Place.Body, IsArgument: false }).Select(input => input.Name));

    private async Task<JsonNode?> BodyValueAsync(Input input, string[] texts, CancellationToken ct)
    {
        if (input.Constant is not null)
            return input.Constant.DeepClone();
        if (!input.Many)
            return input.Flag ? JsonValue.Create(texts[0] == "true") : await ConvertAsync(input, texts[0], ct);

        var values = new JsonArray();
        IEnumerable<string> all = input.IsArgument && texts is ["-"] ? await ReadLinesAsync(ct) : texts;
        foreach (var text in all)
            values.Add(await ConvertAsync(input, text, ct));
        return values;
    }

    private async Task<JsonNode?> ConvertAsync(Input input, string text, CancellationToken ct) => input switch
    {
        { Nullable: true } when text.Length == 0 => null,
        { Thing: not null } => await session.References.ResolveAsync(input.Thing, text, ct),
        { Convert: not null } => input.Convert(text, session.Surroundings.Time),
        _ => text,
    };

    /// <summary>For lists that are too long for a command line.</summary>
    private async Task<List<string>> ReadLinesAsync(CancellationToken ct)
    {
        List<string> lines = [];
        while (await session.Surroundings.In.ReadLineAsync(ct) is { } line)
        {
            if (line.Trim() is { Length: > 0 } text)
                lines.Add(text);
            if (lines.Count > MostLines)
                throw CliException.Usage($"The standard input has more than {MostLines} lines.");
        }

        return lines;
    }

    private async Task AskAsync(Request request, CancellationToken ct)
    {
        if (!session.Surroundings.CanAsk)
            throw CliException.Usage($"{operation.Warning} Add --yes to do it without being asked.");
        await session.Surroundings.Error.WriteAsync($"{operation.Warning} Go on with {Printable.Of(request.Subject)}? [y/N] ".AsMemory(), ct);
        var answer = await session.Surroundings.In.ReadLineAsync(ct);
        if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw CliException.Usage("Nothing was done.");
    }

    private async Task<List<JsonObject>> ListAsync(Request request, CancellationToken ct)
    {
        List<JsonObject> items = [];
        await foreach (var item in session.Api.ListAsync(request.Call.Path, request.Call.Query, request.Limit, ct))
            items.Add((JsonObject)item.DeepClone());
        return items;
    }

    private async Task ShowAsync(Request request, JsonObject? answer, CancellationToken ct)
    {
        if (answer is null)
            session.Report.Done($"{request.Subject} deleted");
        else if (operation.Show is not null && !session.Report.IsJson)
            operation.Show(session.Report, answer);
        else
            await session.Report.ObjectAsync(answer, withNames: operation.Method == HttpMethod.Get, ct);
    }
}
