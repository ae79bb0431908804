namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>The front-end that runs in the process of a silo. What the silo's grains send to its sockets need not be a message.</summary>
/// <param name="Id">As in the sessions that it attaches.</param>
/// <param name="Observer">
/// The observer itself, not a reference to it. What is pushed, replied and closed through it takes effect at once, on the caller's thread,
/// and never waits for a socket.
/// </param>
/// <param name="Find">The socket of a session; null: it is not here, or no longer.</param>
public sealed record LocalFrontEnd(Guid Id, IFrontEndObserver Observer, Func<Guid, ILocalSocket?> Find);
