using System.Globalization;
using Firezone.Grains.Accounts;
using Firezone.Silos.AllInOne;
using Firezone.Silos.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Firezone.Changes.Bench;

/// <summary>
/// A silo as the product composes it, without a front-end, in a process of its own. Answers one line of standard output to one of input;
/// the end of the input is its end.
/// </summary>
internal static class SiloHost
{
    public const string Ready = "ready";

    /// <summary>Collects all garbage and gives memory back; answer: bytes of the managed heap, bytes of the resident set.</summary>
    public const string Memory = "memory";

    /// <summary><c>reached ACCOUNT VERSION</c>: waits for the silo's snapshot; answer: when it was seen.</summary>
    public const string Reached = "reached";

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        // The answers have the standard output to themselves.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // On a machine that is busy with the benchmark itself Orleans warns of every pause.
        builder.Logging.AddFilter("Orleans", LogLevel.Error);
        await using var database = await NodeDatabase.PrepareAsync(builder.Configuration);
        var options = builder.ReadSiloOptions();
        builder.AddFirezoneSilo(options, database.ConnectionString, database.Replicas);
        builder.AddSiloHealth(options);
        await using var app = builder.Build();
        await app.StartAsync();
        await Console.Out.WriteLineAsync(Ready);
        while (await Console.In.ReadLineAsync() is { } line)
            await Console.Out.WriteLineAsync(await AnswerAsync(app.Services, line.Split(' ')));
        await app.StopAsync();
        return 0;
    }

    private static async Task<string> AnswerAsync(IServiceProvider services, string[] words)
    {
        switch (words[0])
        {
            case Memory:
                for (var round = 0; round < 3; round++)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                }

                return string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet}");
            case Reached:
                var (account, version) = (Guid.Parse(words[1]), long.Parse(words[2], CultureInfo.InvariantCulture));
                var accounts = services.GetRequiredService<AccountSnapshots>();
                while (!(accounts.TryGet(account)?.Version >= version))
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                return Clock.Now().ToString(CultureInfo.InvariantCulture);
            default:
                throw new ArgumentException($"'{words[0]}' is not known.");
        }
    }
}
