using System.Globalization;
using Firezone.Deploy.Tests.Chart;
using Firezone.Deploy.Tests.Support;
using Firezone.Gateway.WebSockets.Options;

namespace Firezone.Deploy.Tests.Package;

/// <summary>The systemd units and the settings beside them.</summary>
public sealed class UnitFileTests
{
    private const string Folder = "deploy/linux";

    public static TheoryData<string, string> Units => new()
    {
        { "firezone-silo.service", "silo/Firezone.Silos" },
        { "firezone-front-end.service", "front-end/Firezone.Gateway.WebSockets" },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_starts_the_program_and_gives_it_the_time_to_drain(string unit, string program)
    {
        var lines = Lines(unit);
        Assert.Contains($"ExecStart=/opt/firezone-orleans/{program}", lines);
        Assert.Contains("KillSignal=SIGTERM", lines);
        var stop = Number(lines, "TimeoutStopSec");
        Assert.True(stop >= Deadlines.Of(new FrontEndOptions()).TotalSeconds + 5, $"{stop} s");
        Assert.Contains("Restart=always", lines);
        Assert.True(Number(lines, "LimitNOFILE") > new FrontEndOptions().MaxSessions);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_is_hardened(string unit, string program)
    {
        var lines = Lines(unit);
        string[] wanted = ["DynamicUser=yes", "NoNewPrivileges=yes", "PrivateDevices=yes", "PrivateTmp=yes", "ProtectHome=yes", "ProtectSystem=strict"];
        Assert.All(wanted, directive => Assert.Contains(directive, lines));
        Assert.Contains("CapabilityBoundingSet=", lines);
        Assert.Contains("SystemCallFilter=@system-service", lines);
        // The runtime makes pages executable.
        Assert.DoesNotContain(lines, l => l.StartsWith("MemoryDenyWriteExecute=yes", StringComparison.Ordinal));
        Assert.NotEmpty(program);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_has_no_secret_of_its_own_and_takes_certificates_as_credentials(string unit, string program)
    {
        var lines = Lines(unit);
        Assert.DoesNotContain(lines, l => l.Contains("FIREZONE_DATABASE", StringComparison.Ordinal));
        var credentials = lines.Where(l => l.StartsWith("LoadCredential=", StringComparison.Ordinal)).Select(l => l.Split('=')[1].Split(':')[0]);
        var used = lines.Where(l => l.Contains("=%d/", StringComparison.Ordinal)).Select(l => l.Split("%d/")[1]);
        Assert.Equal(credentials.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.NotEmpty(program);
    }

    [Fact]
    public void The_examples_hold_settings_that_exist_and_every_named_file_is_there()
    {
        var settings = ProgramSettings.All.ToHashSet();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, Folder), "*.env.example"))
        {
            var names = File.ReadAllLines(file).Select(l => l.TrimStart('#')).Where(l => l.Length > 0 && l[0] != ' ').Select(l => l.Split('=')[0]);
            Assert.All(names, name => Assert.True(ProgramSettings.IsKnown(settings, name), $"{Path.GetFileName(file)}: {name}"));
        }

        foreach (var unit in Units.Select(u => (string)u[0]))
        {
            foreach (var line in Lines(unit).Where(l => l.StartsWith("EnvironmentFile=", StringComparison.Ordinal)))
                Assert.True(File.Exists(Path.Combine(Repository.Root, Folder, $"{Path.GetFileName(line.Split('=')[1])}.example")), line);
        }
    }

    private static int Number(string[] lines, string directive) => int.Parse(
        Assert.Single(lines, l => l.StartsWith($"{directive}=", StringComparison.Ordinal)).Split('=')[1].TrimEnd('s'), CultureInfo.InvariantCulture);

    private static string[] Lines(string unit) =>
        [.. Repository.Read($"{Folder}/systemd/{unit}").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];
}
