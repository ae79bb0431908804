using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firezone.Admin.Hosting;

/// <summary>How the API writes and reads JSON.</summary>
internal static class AdminJson
{
    /// <summary>For use outside of the framework's own reading and writing.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Unknown members are refused: a typo must not be taken for a wish to leave something out.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 16;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
