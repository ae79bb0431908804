namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>The socket of a session in the process of the session's grain.</summary>
public interface ILocalSocket
{
    /// <summary>
    /// Like <see cref="IFrontEndObserver.Push"/>, without a look for the session. Takes effect at once, on the caller's thread; never waits for the
    /// peer. For a session that has ended nothing happens.
    /// </summary>
    void Push(long sequence, string eventName, byte[] payload, ulong viewHash);
}
