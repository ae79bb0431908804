using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>stub</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>stub</summary>
    public static Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger log, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>stub</summary>
    public string ConnectionString(string database = "firezone") => throw new NotImplementedException();

    /// <summary>stub</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
