using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>The files below an embedded server's directory.</summary>
/// <param name="Root">Everything is below it.</param>
internal sealed record ClusterFiles(string Root)
{
    /// <summary>PostgreSQL's own data directory.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>Held by the process that runs the server.</summary>
    public string OwnerLock => Path.Combine(Root, "host.lock");

    /// <summary>The superuser's password; absent when the server trusts everybody on the loopback.</summary>
    public string PasswordFile => Path.Combine(Root, "password");

    /// <summary>Where programs are copied to that the server's user cannot reach.</summary>
    public string ProgramCopy => Path.Combine(Root, "postgres");

    private string PortFile => Path.Combine(Root, "port");

    /// <summary>Major version of the existing cluster, or null.</summary>
    public int? MajorVersion()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    public string? Password() => File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile) : null;

    /// <summary>Makes up a password that only its owner may read.</summary>
    public async Task CreatePasswordAsync(CancellationToken ct)
    {
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(PasswordFile, create);
        await file.WriteAsync(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))), ct);
    }

    /// <summary>The port of the last start if it is still free, else a free one, which is remembered.</summary>
    public async Task<int> ChoosePortAsync(CancellationToken ct)
    {
        if (File.Exists(PortFile)
            && int.TryParse(await File.ReadAllTextAsync(PortFile, ct), CultureInfo.InvariantCulture, out var kept)
            && TryBind(kept) is not null)
            return kept;
        var port = TryBind(0) ?? throw new EmbeddedPostgresException("No TCP port is free on 127.0.0.1.");
        await File.WriteAllTextAsync(PortFile, port.ToString(CultureInfo.InvariantCulture), ct);
        return port;
    }

    public void ForgetPort() => File.Delete(PortFile);

    /// <summary>The server that runs, or ran, on the data: line 1 of its pid file is the process, line 4 the port.</summary>
    public (int ProcessId, int Port)? RunningServer()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(Data, "postmaster.pid"));
            return lines.Length >= 4
                && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId)
                && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
                    ? (processId, port)
                    : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int? TryBind(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
