namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>stub</summary>
public sealed class AuthorizationWriter : IAsyncDisposable
{
    /// <summary>stub</summary>
    public Task AddAsync(AuthorizationRow row, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>stub</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
