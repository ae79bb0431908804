using System.Reflection;
using Firezone.Admin.Hosting;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Grains.Hosting;
using Firezone.Membership.Postgres;
using Firezone.Silos.Hosting;
using Firezone.Storage.Postgres.Retention;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>The settings of the programs as environment variables, as their option classes have them.</summary>
internal static class ProgramSettings
{
    private const BindingFlags Constants = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly Assembly[] Assemblies =
    [
        typeof(SiloOptions).Assembly, typeof(FrontEndOptions).Assembly, typeof(AdminOptions).Assembly, typeof(GrainsOptions).Assembly,
        typeof(RetentionOptions).Assembly, typeof(PostgresMembershipOptions).Assembly,
    ];

    /// <summary>Read without a class.</summary>
    private static readonly string[] Single =
    [
        "FIREZONE_DATABASE", "FIREZONE_DATABASE_REPLICA", "FIREZONE_DATABASE_WAIT", "FIREZONE_TOKEN", "Orleans__ClusterId", "Orleans__ServiceId",
    ];

    /// <summary>Of .NET and of OpenTelemetry.</summary>
    private static readonly string[] Foreign = ["DOTNET_", "OTEL_", "Logging__LogLevel__", "Kestrel__Endpoints__"];

    /// <summary>Sections whose classes the programs may have or not: an operations listener and certificates are parts of their own.</summary>
    private static readonly string[] Parts = ["Tls", "Operations"];

    /// <summary>Sections with a class, by the constant <c>SectionName</c> that it has.</summary>
    public static Dictionary<string, Type> Sections { get; } = Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Select(type => (Type: type, Name: type.GetField("SectionName", Constants)?.GetRawConstantValue() as string))
        .Where(section => section.Name is not null)
        .Append((Type: typeof(PostgresMembershipOptions), Name: "Membership"))
        .ToDictionary(section => section.Name!, section => section.Type);

    /// <summary>Those of all classes. An element of a list has the number 0.</summary>
    public static IEnumerable<string> All => Sections.SelectMany(section => Of(section.Key, section.Value));

    /// <summary>Whether the class of this setting's section is not there.</summary>
    public static bool IsOfMissingPart(string name) =>
        name.Split("__")[0] is var section && Parts.Contains(section) && !Sections.ContainsKey(section);

    /// <summary>Whether a program looks at it.</summary>
    public static bool IsKnown(HashSet<string> settings, string name) =>
        settings.Contains(System.Text.RegularExpressions.Regex.Replace(name, "__[0-9]+$", "__0"))
        || Single.Contains(name)
        || Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        || IsOfMissingPart(name);

    private static IEnumerable<string> Of(string path, Type type)
    {
        // A list is filled, whether it can be set or not.
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } || p.PropertyType.IsGenericType))
        {
            var name = $"{path}__{property.Name}";
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (inner.IsArray || (inner.IsGenericType && inner.IsAssignableTo(typeof(System.Collections.IEnumerable))))
                yield return $"{name}__0";
            else if (inner.IsClass && inner != typeof(string))
                foreach (var nested in Of(name, inner))
                    yield return nested;
            else
                yield return name;
        }
    }
}
