using Firezone.Deploy.Tests.Support;

namespace Firezone.Deploy.Tests.Chart;

/// <summary>The names that <c>config</c> takes are the names of settings.</summary>
public sealed class SettingsTests
{
    /// <summary>Never among the values.</summary>
    private static readonly string[] Secrets = ["Membership__ConnectionString", "FrontEnd__ProxyId", "Operations__Oidc__ClientSecret"];

    private static readonly string[] Listed =
        Repository.Read("helm/firezone-orleans/files/settings.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_list_of_settings_is_the_one_of_the_programs()
    {
        var wanted = ProgramSettings.All.Except(Secrets).Order(StringComparer.Ordinal);
        Assert.Equal(wanted, Listed.Where(name => !ProgramSettings.IsOfMissingPart(name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_setting_of_config_reaches_silos_and_front_ends_and_one_of_a_workload_only_it()
    {
        var manifests = await Helm.RenderAsync(
            "ci/separate-values.yaml",
            "config.Retention__SessionDays=60",
            "silo.config.Replica__SkipTime=00:00:02",
            "frontEnd.config.FrontEnd__MaxFrameBytes=70000");
        var silo = manifests.Single("Deployment", "release-firezone-orleans-silo").Find("spec.template.spec.containers.0")!.Environment();
        var frontEnd = manifests.Single("Deployment", "release-firezone-orleans-front-end").Find("spec.template.spec.containers.0")!.Environment();
        Assert.Equal(("60", "60"), (silo["Retention__SessionDays"], frontEnd["Retention__SessionDays"]));
        Assert.Equal("00:00:02", silo["Replica__SkipTime"]);
        Assert.False(frontEnd.ContainsKey("Replica__SkipTime"));
        Assert.Equal("70000", frontEnd["FrontEnd__MaxFrameBytes"]);
    }
}
