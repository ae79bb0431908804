namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>One token at a time, which another thread cancels.</summary>
internal sealed class TokenBox
{
    private CancellationTokenSource _source = new();

    internal CancellationToken Token => Volatile.Read(ref _source).Token;

    internal void Cancel() => Volatile.Read(ref _source).Cancel();

    internal void Renew() => Volatile.Write(ref _source, new CancellationTokenSource());
}
