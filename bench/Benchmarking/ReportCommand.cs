using System.CommandLine;
using System.Text.Json;

namespace Firezone.Bench.Benchmarking;

/// <summary>The verb <c>report</c>: medians of runs as tables in Markdown.</summary>
internal static class ReportCommand
{
    /// <summary>How result files are written.</summary>
    public static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var learned = new Option<FileInfo?>("--learned") { Description = "What the verb 'learn' wrote" };
        var runs = new Argument<FileInfo[]>("RUN") { Description = "What the verb 'run' wrote", Arity = ArgumentArity.OneOrMore };
        var command = new Command("report", "Prints medians of runs beside their targets, as Markdown.") { learned, runs };
        command.SetAction(async (parsed, ct) =>
        {
            async Task<BenchmarkResult> ReadAsync(FileInfo file) =>
                JsonSerializer.Deserialize<BenchmarkResult>(await File.ReadAllTextAsync(file.FullName, ct), Json)
                ?? throw new InvalidDataException($"{file} holds no result.");

            var first = parsed.GetValue(learned) is { } file ? await ReadAsync(file) : null;
            var results = new List<BenchmarkResult>();
            foreach (var run in parsed.GetRequiredValue(runs))
                results.Add(await ReadAsync(run));
            await Console.Out.WriteAsync(BenchmarkReport.Write(first, results));
            return results.Append(first).Any(result => result?.Failures.Count > 0) ? 1 : 0;
        });
        return command;
    }
}
