using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Settings;

public sealed class ProfileTests
{
    private static string FileOf(Portal portal) => Path.Combine(portal.Home, ".config", "firezone", "config.json");

    private static async Task<Portal> WithoutEnvironmentAsync()
    {
        var portal = await Portal.StartAsync();
        portal.Environment.Remove("FIREZONE_API_TOKEN");
        portal.Environment.Remove("FIREZONE_API_URL");
        return portal;
    }

    [Fact]
    public async Task A_login_tries_the_token_and_stores_it_for_its_owner_only()
    {
        using var portal = await WithoutEnvironmentAsync();
        portal.CanAsk = true;
        portal.Secret = ContractWorld.AdminToken;

        var login = (await portal.RunAsync($"login --api-url {portal.Url}")).Good();

        Assert.DoesNotContain("secret", login.Out + login.Error);
        Assert.Equal("GET /v1/status", Assert.Single(portal.World.Calls).Operation);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf(portal)));
            var folder = File.GetUnixFileMode(Path.GetDirectoryName(FileOf(portal))!);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, folder);
        }

        (await portal.RunAsync("sites list")).Good();
    }

    [Fact]
    public async Task A_token_that_does_not_work_is_not_stored()
    {
        using var portal = await WithoutEnvironmentAsync();
        portal.Input = ".anobodys-secret\n";
        (await portal.RunAsync($"login --api-url {portal.Url}")).Bad(ExitCode.Refused);
        Assert.False(File.Exists(FileOf(portal)));
    }

    [Fact]
    public async Task Profiles_are_chosen_by_flag_by_environment_and_for_good()
    {
        using var portal = await WithoutEnvironmentAsync();
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        await LoginAsync(portal, "r", ContractWorld.ReaderToken);

        (await portal.RunAsync("sites create x")).Bad(ExitCode.Refused);
        (await portal.RunAsync("sites create x --profile a")).Good();
        portal.Environment["FIREZONE_PROFILE"] = "a";
        (await portal.RunAsync("sites create x")).Good();
        portal.Environment.Remove("FIREZONE_PROFILE");
        (await portal.RunAsync("profile use a")).Good();
        (await portal.RunAsync("sites create x")).Good();

        var list = (await portal.RunAsync("profile list")).Good().Out;
        Assert.Matches(@"a +http\S+ +yes", list);
        Assert.Matches(@"r +http\S+ +no", list);
        Assert.DoesNotContain("secret", list);
    }

    [Fact]
    public async Task A_profile_named_by_a_flag_comes_before_the_environment()
    {
        using var portal = await WithoutEnvironmentAsync();
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        portal.Environment["FIREZONE_API_URL"] = "http://127.0.0.1:1";
        portal.Environment["FIREZONE_API_TOKEN"] = ".anobodys-secret";
        (await portal.RunAsync("sites list --profile a")).Good();
    }

    [Fact]
    public async Task A_stored_token_does_not_go_to_another_address()
    {
        using var portal = await WithoutEnvironmentAsync();
        using var other = await Portal.StartAsync();
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        var error = (await portal.RunAsync($"sites list --api-url {other.Url}")).Bad(ExitCode.Usage).Error;
        Assert.Contains("There is no API token for", error);
        Assert.Empty(other.World.Calls);
    }

    [Fact]
    public async Task A_logout_forgets_the_token()
    {
        using var portal = await WithoutEnvironmentAsync();
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        (await portal.RunAsync("logout")).Good();
        Assert.DoesNotContain("secret", File.ReadAllText(FileOf(portal)));
        (await portal.RunAsync("sites list")).Bad(ExitCode.Usage);
        (await portal.RunAsync("logout")).Bad(ExitCode.Usage);
    }

    [Fact]
    public async Task A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var portal = await WithoutEnvironmentAsync();
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        File.SetUnixFileMode(FileOf(portal), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", (await portal.RunAsync("sites list")).Bad(ExitCode.Usage).Error);
    }

    [Fact]
    public async Task The_environment_works_beside_a_broken_file()
    {
        using var portal = await Portal.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(portal))!);
        File.WriteAllText(FileOf(portal), "{");
        (await portal.RunAsync("sites list")).Good();
        portal.Environment.Remove("FIREZONE_API_TOKEN");
        (await portal.RunAsync("sites list")).Bad(ExitCode.Usage);
    }

    [Fact]
    public async Task The_folder_follows_XDG_CONFIG_HOME()
    {
        using var portal = await WithoutEnvironmentAsync();
        portal.Environment["XDG_CONFIG_HOME"] = Path.Combine(portal.Home, "elsewhere");
        await LoginAsync(portal, "a", ContractWorld.AdminToken);
        Assert.True(File.Exists(Path.Combine(portal.Home, "elsewhere", "firezone", "config.json")));
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_said()
    {
        using var portal = await WithoutEnvironmentAsync();
        Assert.Contains("'nowhere'", (await portal.RunAsync("sites list --profile nowhere")).Bad(ExitCode.Usage).Error);
        Assert.Contains("'nowhere'", (await portal.RunAsync("profile use nowhere")).Bad(ExitCode.Usage).Error);
    }

    private static async Task LoginAsync(Portal portal, string name, string token)
    {
        portal.Input = token + "\n";
        (await portal.RunAsync($"login --api-url {portal.Url} --profile {name}")).Good();
    }
}
