using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using YamlDotNet.RepresentationModel;

namespace Firezone.Deploy.Tests.Support;

/// <summary>The first container of a pod as a process on this machine: its variables, arguments and probes as the chart renders them.</summary>
internal sealed class PodProcess : IAsyncDisposable
{
    private const string Address = "127.0.0.1";
    private static readonly HttpClient Http = new();
    private readonly Process _process;
    private readonly YamlNode _container;
    private readonly ConcurrentQueue<string> _output = new();

    private PodProcess(Process process, YamlNode container) => (_process, _container) = (process, container);

    public string Output => string.Join('\n', _output);

    /// <summary>Starts it with the program that was built.</summary>
    /// <param name="project">Whose program the image has.</param>
    /// <param name="container">As rendered.</param>
    /// <param name="secrets">Values by name and key.</param>
    public static PodProcess Start(string project, YamlNode container, Dictionary<(string Name, string Key), string> secrets)
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(Repository.Root, project, "bin", configuration, "net10.0", $"Firezone.{project}.dll"));
        foreach (var argument in container.List("args"))
            start.ArgumentList.Add(((YamlScalarNode)argument).Value!);
        foreach (var variable in container.List("env"))
        {
            var value = variable.Text("value") ?? Resolve(variable, secrets);
            // As the kubelet does it, with variables that come before.
            foreach (var (name, known) in start.Environment.ToArray())
                value = value.Replace($"$({name})", known, StringComparison.Ordinal);
            start.Environment[variable.Text("name")!] = value;
        }

        var pod = new PodProcess(new Process { StartInfo = start }, container);
        pod._process.OutputDataReceived += (_, e) => pod.Keep(e.Data);
        pod._process.ErrorDataReceived += (_, e) => pod.Keep(e.Data);
        pod._process.Start();
        pod._process.BeginOutputReadLine();
        pod._process.BeginErrorReadLine();
        return pod;
    }

    /// <summary>What a probe gets.</summary>
    public async Task<HttpStatusCode?> ProbeAsync(string probe)
    {
        var port = _container.List("ports").Single(p => p.Text("name") == _container.Text($"{probe}.httpGet.port")).Text("containerPort");
        try
        {
            using var answer = await Http.GetAsync($"http://{Address}:{port}{_container.Text($"{probe}.httpGet.path")}");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>As the kubelet: the startup probe first, then the two others.</summary>
    public async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            while (await ProbeAsync(probe) is not HttpStatusCode.OK)
            {
                Assert.False(_process.HasExited, Output);
                Assert.False(limit.IsCancellationRequested, $"{probe} did not succeed:\n{Output}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Resolve(YamlNode variable, Dictionary<(string Name, string Key), string> secrets) =>
        variable.Text("valueFrom.fieldRef.fieldPath") switch
        {
            "status.podIP" or "status.hostIP" => Address,
            "metadata.name" => "pod-1",
            "metadata.namespace" => "portal",
            _ => secrets[(variable.Text("valueFrom.secretKeyRef.name")!, variable.Text("valueFrom.secretKeyRef.key")!)],
        };

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}
