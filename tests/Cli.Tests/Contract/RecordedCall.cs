using System.Text.Json.Nodes;

namespace Firezone.Cli.Tests.Contract;

/// <summary>A request as it arrived.</summary>
internal sealed record RecordedCall(string Operation, string Path, string Query, JsonNode? Body, IReadOnlyDictionary<string, string> Headers);
