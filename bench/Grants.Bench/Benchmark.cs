using System.Collections.Concurrent;
using System.Globalization;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Authorizations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Grants.Bench;

/// <summary>Stores grants with the product's writer, one by one and together.</summary>
internal sealed class Benchmark(Server server, Plan plan)
{
    public async Task<string> RunAsync(CancellationToken ct)
    {
        await GroupedAsync(Plan.Flows, TimeSpan.FromSeconds(1), ct); // for the compiler
        await OneByOneAsync(TimeSpan.FromSeconds(1), ct);
        var (single, grouped) = (new List<Measurement>(), new List<Measurement>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            single.Add(await OneByOneAsync(plan.Duration, ct));
            grouped.Add(await GroupedAsync(Plan.Flows, plan.Duration, ct));
            Console.Error.WriteLine(Text($"  {single[^1].PerSecond:0} one by one, {grouped[^1].PerSecond:0} together"));
        }

        var crowds = new List<Measurement>();
        foreach (var crowd in Plan.Crowds)
            crowds.Add(await GroupedAsync(crowd, plan.Duration, ct));

        double[] ratios = [.. grouped.Zip(single, (g, s) => g.PerSecond / s.PerSecond).Order()];
        List<string> lines =
        [
            "| flows under way | authorizations per second | rows per statement | server time per row | wait, median / p99 |",
            "| --- | --- | --- | --- | --- |",
            Line(Text($"{Plan.Flows}, one commit per flow over {Plan.Connections} connections"), Median(single)),
            Line(Text($"{Plan.Flows}, together"), Median(grouped)),
            .. Plan.Crowds.Zip(crowds, (crowd, measured) => Line(Text($"{crowd}, together"), measured)),
            "",
            Text($"Together : one by one = {ratios[ratios.Length / 2]:0.0} ({ratios[0]:0.0} … {ratios[^1]:0.0}), median (smallest … largest) of ")
                + Text($"{plan.Rounds} alternating runs of {plan.Duration.TotalSeconds:0.#} s, fsync and synchronous_commit on, ")
                + Text($"{Environment.ProcessorCount} processors, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}."),
        ];
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>As many writers as connections, each with one flow at a time: each flow is a statement and a commit.</summary>
    private async Task<Measurement> OneByOneAsync(TimeSpan duration, CancellationToken ct)
    {
        await using var database = new Database(server.ConnectionString);
        var free = new ConcurrentQueue<AuthorizationWriter>(Enumerable.Range(0, Plan.Connections).Select(_ => Writer(database)));
        using var places = new SemaphoreSlim(Plan.Connections);
        var measured = await MeasureAsync(Plan.Flows, duration, async row =>
        {
            await places.WaitAsync(ct);
            free.TryDequeue(out var writer);
            await writer!.AddAsync(row, ct);
            free.Enqueue(writer);
            places.Release();
        });
        foreach (var writer in free)
            await writer.DisposeAsync();
        return measured;
    }

    private async Task<Measurement> GroupedAsync(int flows, TimeSpan duration, CancellationToken ct)
    {
        await using var database = new Database(server.ConnectionString);
        await using var writer = Writer(database);
        return await MeasureAsync(flows, duration, row => writer.AddAsync(row, ct));
    }

    private async Task<Measurement> MeasureAsync(int flows, TimeSpan duration, Func<AuthorizationRow, Task> store)
    {
        await server.TidyAsync();
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var waits = await Task.WhenAll(Enumerable.Range(0, flows).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            while (time.GetElapsedTime(began) < duration)
            {
                var asked = time.GetTimestamp();
                await store(server.Row());
                own.Add(time.GetElapsedTime(asked).TotalMilliseconds);
            }

            return own;
        })));
        var took = time.GetElapsedTime(began);
        var (rows, statements, milliseconds) = await server.StoredAsync();
        return new(rows / took.TotalSeconds, rows / (double)statements, milliseconds * 1000 / rows, [.. waits.SelectMany(w => w).Order()]);
    }

    private static AuthorizationWriter Writer(Database database) =>
        new(database, TimeProvider.System, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());

    private static Measurement Median(List<Measurement> measured) => measured.OrderBy(m => m.PerSecond).ElementAt(measured.Count / 2);

    private static string Line(string what, Measurement m) =>
        Text($"| {what} | {m.PerSecond:#,0} | {m.PerStatement:0.0} | {m.Microseconds:0} µs | {m.Wait} |");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
