using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Firezone.Shared;

namespace Firezone.Membership.Postgres.Tests;

/// <summary>The program of the package's README is built and run as it stands there.</summary>
public sealed class ReadmeTests : IDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LineLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("members-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_program_to_paste_runs_and_shows_a_silo_that_comes_and_one_that_is_killed()
    {
        var root = RepositoryRoot();
        var readme = await File.ReadAllTextAsync(Path.Combine(root, "Membership.Postgres", "README.md"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Program.cs"), LastProgram(readme));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Members.csproj"), Project(root));
        await BuildAsync();

        var database = await (await PostgresServer.GetAsync()).CreateDatabaseAsync("readme");
        var (one, other) = (FreePort(), FreePort());
        using var first = Start(database, one, out var lines);
        using var second = Start(database, other, out var others);
        try
        {
            await UntilAsync(lines, line => line.Contains($"{one} Active", StringComparison.Ordinal) && line.Contains($"{other} Active", StringComparison.Ordinal));
            await UntilAsync(others, line => line.Contains($"{one} Active", StringComparison.Ordinal));
            second.Kill();
            await UntilAsync(lines, line => line.Contains($"{one} Active", StringComparison.Ordinal) && !line.Contains($":{other}", StringComparison.Ordinal));
        }
        finally
        {
            first.Kill();
            second.Kill();
        }
    }

    private static string LastProgram(string readme)
    {
        const string Fence = "```csharp\n";
        var start = readme.LastIndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    /// <summary>The package is taken from its project; the version of Orleans is the repository's.</summary>
    private static string Project(string root)
    {
        var versions = System.Xml.Linq.XDocument.Load(Path.Combine(root, "Directory.Packages.props"));
        var orleans = versions.Descendants("PackageVersion").Single(e => (string?)e.Attribute("Include") == "Microsoft.Orleans.Server").Attribute("Version")!.Value;
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(PostgresMembershipOptions).Assembly.Location}" />
                <PackageReference Include="Microsoft.Orleans.Server" Version="{orleans}" />
                <PackageReference Include="Npgsql" Version="{versions.Descendants("PackageVersion").Single(e => (string?)e.Attribute("Include") == "Npgsql").Attribute("Version")!.Value}" />
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
              </ItemGroup>
            </Project>
            """;
    }

    private async Task BuildAsync()
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", "build -c Release -v q -nologo -clp:NoSummary -o out")
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
        })!;
        var output = build.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(BuildLimit);
        await build.WaitForExitAsync(limit.Token);
        Assert.True(build.ExitCode == 0, await output);
    }

    private Process Start(string database, int port, out ChannelReader<string> lines)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(_folder.FullName, "out", "Members.dll"), $"{port}"])
        {
            Environment = { ["POSTGRES"] = database },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var channel = Channel.CreateUnbounded<string>();
        process.OutputDataReceived += (_, line) => channel.Writer.TryWrite(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => channel.Writer.TryWrite(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lines = channel.Reader;
        return process;
    }

    private static async Task UntilAsync(ChannelReader<string> lines, Func<string, bool> condition)
    {
        using var limit = new CancellationTokenSource(LineLimit);
        var seen = new List<string>();
        try
        {
            await foreach (var line in lines.ReadAllAsync(limit.Token))
            {
                seen.Add(line);
                if (condition(line))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(string.Join('\n', seen));
        }
    }

    /// <summary>One whose partner for clients, 10,000 above, is free as well; both below those of outgoing connections.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = ServerPort.Next() - 10_000;
            try
            {
                using var silo = new TcpListener(IPAddress.Loopback, port);
                silo.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Firezone.Orleans.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
