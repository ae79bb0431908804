namespace Firezone.Storage.Postgres.Connecting;

/// <summary>The verdict over a connect.</summary>
/// <typeparam name="T">The kind of record.</typeparam>
/// <param name="Status">The verdict.</param>
/// <param name="Record">Present exactly when <paramref name="Status"/> is <see cref="ConnectStatus.Ok"/>.</param>
public sealed record ConnectOutcome<T>(ConnectStatus Status, T? Record)
    where T : class;
