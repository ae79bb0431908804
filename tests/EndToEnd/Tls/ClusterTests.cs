using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Firezone.Shared.Certificates;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.EndToEnd.Tls;

/// <summary>Two silos and a front-end with certificates, and processes that would like to belong to them.</summary>
public sealed class ClusterTests(SecuredPortal secured) : IClassFixture<SecuredPortal>
{
    private const int Active = 3;

    [Fact]
    public async Task Silos_and_a_front_end_that_know_each_other_by_certificates_serve_flows()
    {
        await using var database = new Database(secured.Portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var gateway = await FlowScript.GatewayAsync(secured.Portal.FrontEndPort, account);
        await gateway.JoinAsync();
        // Enough that some of their grains are on either silo.
        for (var i = 0; i < 6; i++)
        {
            using var client = await FlowScript.ClientAsync(secured.Portal.FrontEndPort, account, $"device-{i}");
            await client.JoinAsync();
            await FlowScript.RunAsync(client, gateway, account);
        }

        Assert.Equal(2L, await ScalarAsync("select count(*) from OrleansMembershipTable where Status = 3"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("authority")]
    [InlineData("name")]
    public async Task A_silo_without_a_certificate_of_the_cluster_cannot_join(string what)
    {
        using var impostor = secured.Impostor(what);
        var (http, port) = (ServerPort.Next(), ServerPort.Next());
        await using var silo = secured.Portal.Launch("Silos", http, port, impostor.Settings);
        await secured.RefusedAsync(what, silo);
        var status = await ScalarAsync($"select Status from OrleansMembershipTable where Port = {port.ToString(CultureInfo.InvariantCulture)}");
        Assert.NotEqual(Active, status);
        await NotReadyAsync(http);
        await silo.KillAsync();
        Assert.DoesNotContain("Silo is ready", silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("authority")]
    [InlineData("name")]
    public async Task A_front_end_without_a_certificate_of_the_cluster_cannot_call_a_grain(string what)
    {
        using var impostor = secured.Impostor(what);
        var http = ServerPort.Next();
        await using var frontEnd = secured.Portal.Launch("Gateway.WebSockets", http, 1, impostor.Settings);
        await secured.RefusedAsync(what, frontEnd);
        await NotReadyAsync(http);
        await frontEnd.KillAsync();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("authority")]
    [InlineData("name")]
    [InlineData("expired")]
    [InlineData("plaintext")]
    public async Task A_stranger_reads_not_one_byte_from_a_silo(string what)
    {
        foreach (var port in (int[])[secured.Portal.SiloPort, secured.Portal.SiloGatewayPort])
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            Assert.Equal(0, what == "plaintext" ? await ReadAsync(client.GetStream()) : await ReadAsync(client, secured.Certificate(what)));
        }
    }

    [Theory]
    [InlineData("Silos", "expired", "Tls:Certificate: the certificate in the file '")]
    [InlineData("Gateway.WebSockets", "expired", "Tls:Certificate: the certificate in the file '")]
    [InlineData("Silos", "alone", "Tls:Key and Tls:Authority is not set")]
    [InlineData("Gateway.WebSockets", "alone", "Tls:Key and Tls:Authority is not set")]
    public async Task A_program_does_not_start_with_a_certificate_that_cannot_work_and_says_why_in_one_line(string project, string what, string told)
    {
        using var impostor = secured.Impostor(what);
        (string, string)[] settings = what == "alone" ? [("Tls__Certificate", "/etc/tls.crt")] : impostor.Settings;
        await using var program = secured.Portal.Launch(project, ServerPort.Next(), ServerPort.Next(), settings);
        Assert.Equal(1, await program.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(told, Assert.Single(program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo__AdvertisedAddress", "0.0.0.0")]
    [InlineData("Silo__ListenOnAnyAddress", "true")]
    public async Task A_silo_without_certificates_does_not_let_other_machines_reach_it(string key, string value)
    {
        await using var silo = secured.Portal.Launch("Silos", ServerPort.Next(), ServerPort.Next(), (key, value));
        Assert.Equal(1, await silo.ExitAsync(TimeSpan.FromSeconds(60)));
        var line = Assert.Single(silo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(key.Replace("__", ":", StringComparison.Ordinal), line, StringComparison.Ordinal);
        Assert.Contains("Tls:AllowPlaintext=true", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_without_certificates_may_be_reached_when_that_is_allowed()
    {
        var http = ServerPort.Next();
        await using var silo = secured.Portal.Launch(
            "Silos",
            http,
            ServerPort.Next(),
            ("Silo__ListenOnAnyAddress", "true"),
            ("Tls__AllowPlaintext", "true"),
            ("Orleans__ClusterId", "open"));
        await silo.ReadyAsync($"http://127.0.0.1:{http}/readyz");
        Assert.Contains("Tls:AllowPlaintext", silo.Output, StringComparison.Ordinal);
    }

    private static async Task NotReadyAsync(int port)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync($"http://127.0.0.1:{port}/readyz");
            Assert.NotEqual(System.Net.HttpStatusCode.OK, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // It does not listen before it has joined.
        }
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(secured.Portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<int> ReadAsync(TcpClient client, TestCertificate? shown)
    {
        await using var stream = new SslStream(client.GetStream());
        using var certificate = shown?.Load();
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "firezone",
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            return await ReadAsync(stream);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static async Task<int> ReadAsync(Stream stream)
    {
        try
        {
            await stream.WriteAsync("POST / HTTP/1.1\r\n\r\n"u8.ToArray());
            return await stream.ReadAsync(new byte[100]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
