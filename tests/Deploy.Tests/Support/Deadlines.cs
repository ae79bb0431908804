using System.Reflection;
using Firezone.Gateway.WebSockets.Options;

namespace Firezone.Deploy.Tests.Support;

/// <summary>How long the program itself gives an orderly stop.</summary>
internal static class Deadlines
{
    private static readonly MethodInfo Deadline = typeof(FrontEndOptions).Assembly
        .GetType("Firezone.Gateway.WebSockets.Draining.DrainTime", throwOnError: true)!
        .GetMethod("Deadline", BindingFlags.Static | BindingFlags.NonPublic)!;

    public static TimeSpan Of(FrontEndOptions options) => (TimeSpan)Deadline.Invoke(null, [options])!;
}
