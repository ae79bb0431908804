namespace Firezone.Storage.Postgres.Sessions;

/// <summary>stub</summary>
public sealed class SessionWriter : IAsyncDisposable
{
    /// <summary>stub</summary>
    public void Opened(SessionRow row) => throw new NotImplementedException();

    /// <summary>stub</summary>
    public void Closed(Guid sessionId, DateTimeOffset at) => throw new NotImplementedException();

    /// <summary>stub</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
