using System.Diagnostics;
using System.Globalization;
using Firezone.Membership.Node.Driving;

namespace Firezone.Changes.Bench;

/// <summary>A silo in a process of its own, as the benchmark sees it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process) => _process = process;

    public static async Task<SiloProcess> StartAsync(string connectionString, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // The program itself, or the runtime that was told to run it.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("silo");
        foreach (var (name, value) in new[]
        {
            ("FIREZONE_DATABASE", connectionString),
            ("FIREZONE_ALL_IN_ONE", "false"),
            ("Silo__Port", Ports.Next().ToString(CultureInfo.InvariantCulture)),
            ("Silo__GatewayPort", Ports.Next().ToString(CultureInfo.InvariantCulture)),
            ("Silo__HealthPort", "0"),
            ("Silo__FrontEnd", "false"),
            // As a silo's own program is built.
            ("DOTNET_gcServer", Environment.GetEnvironmentVariable("DOTNET_gcServer") ?? "1"),
        })
        {
            start.Environment[name] = value;
        }

        var silo = new SiloProcess(Process.Start(start)!);
        try
        {
            if (await silo._process.StandardOutput.ReadLineAsync(ct).AsTask().WaitAsync(Plan.Patience, TimeProvider.System, ct) != SiloHost.Ready)
                throw new InvalidOperationException("A silo did not start; its words are above.");
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public TimeSpan Cpu() => Clock.Cpu(_process.Id) ?? throw new InvalidOperationException("A silo has ended.");

    /// <summary>After a full collection: bytes of the managed heap and of the resident set.</summary>
    public async Task<Weight> WeighAsync()
    {
        var answer = (await AskAsync(SiloHost.Memory)).Split(' ');
        return new(long.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>When the silo's snapshot was seen to have reached the version.</summary>
    public async Task<long> ReachedAsync(Guid account, long version) =>
        long.Parse(await AskAsync(FormattableString.Invariant($"{SiloHost.Reached} {account} {version}")), CultureInfo.InvariantCulture);

    // Not asked to stop: it would try to hand thousands of sessions back to a front-end that has gone.
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Plan.Patience, TimeProvider.System)
            ?? throw new InvalidOperationException("A silo has ended.");
    }
}
