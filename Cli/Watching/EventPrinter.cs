using System.Text.Json.Nodes;
using Firezone.Cli.Output;

namespace Firezone.Cli.Watching;

/// <summary>One event, one line.</summary>
internal sealed class EventPrinter(Report report)
{
    public void Print(string name, JsonObject data)
    {
        if (report.IsJson)
            report.WriteJsonLine(new JsonObject { ["event"] = name, ["data"] = data.DeepClone() });
        else
            report.Line($"{Cell.Time(CatchUp.When(name, data) ?? "")}  {Words(name, data)}");
    }

    private static string Words(string name, JsonObject data) => name switch
    {
        "session.opened" => $"+ {Session(data)}",
        "session.ended" => $"- {Session(data)}, since {Cell.Of("opened_at", data["opened_at"])}",
        "flow.granted" => $"> {Either(data, "client")} to {Either(data, "resource")} through {Either(data, "gateway")}, "
            + $"until {Cell.Of("expires_at", data["expires_at"])}",
        _ => $"{name} {data.ToJsonString(Json.Compact)}",
    };

    private static string Session(JsonObject data) =>
        $"{data.Text("kind")} {Either(data, "device")} from {Cell.Of("", data["remote_ip"])}, version {Cell.Of("", data["version"])}, "
        + $"{Cell.Of("", data["region"])} {Cell.Of("", data["front_end"])}";

    /// <summary>The name, or the id where there is none.</summary>
    private static string Either(JsonObject data, string noun) => data.Text($"{noun}_name") ?? data.Text($"{noun}_id") ?? "?";
}
