namespace Firezone.Storage.Postgres.Availability;

/// <summary>A connect could not be decided on; says nothing about its token. It may be tried again in a few seconds.</summary>
/// <param name="message">Why.</param>
/// <param name="isBusy">The database answers, but too many connects wait for it.</param>
/// <param name="inner">What the database said.</param>
public sealed class ConnectUnavailableException(string message, bool isBusy, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The database answers, but too many connects wait for it.</summary>
    public bool IsBusy { get; } = isBusy;
}
