namespace Firezone.Storage.Postgres.Embedded;

/// <summary>How a private PostgreSQL server is run.</summary>
public sealed class EmbeddedPostgresOptions
{
    /// <summary>Where the cluster lives; created if missing. One host process per directory; others join the running server.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port on 127.0.0.1. Null: a free one, which is kept for the next start if it is still free then.</summary>
    public int? Port { get; init; }

    /// <summary>False: without fsync, for tests; a crash of the machine may then destroy the data.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// Directory with <c>initdb</c> and <c>postgres</c>. Null: <c>FIREZONE_PG_BIN</c>, then the npm package, then the distribution's,
    /// then an attempt to install them.
    /// </summary>
    public string? BinDirectory { get; init; }

    /// <summary>Further server settings, passed as <c>-c name=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
