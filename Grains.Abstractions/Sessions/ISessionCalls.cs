namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>
/// Calls to the grains of sessions. If the activation is in this process, a call is a turn of it, which costs a fraction of a message; else
/// it is a message as any.
/// </summary>
/// <remarks>
/// Only for calls that may interleave with all others of their grain. What is handed over and what is returned is not copied: nobody may
/// change it any more.
/// </remarks>
public interface ISessionCalls
{
    /// <summary>Asks a session's grain.</summary>
    /// <param name="grain">The grain, wherever it is.</param>
    /// <param name="device">Its key: the device's id.</param>
    /// <param name="method">Which of its methods, for traces.</param>
    /// <param name="call">The call. Runs once, on the activation or on <paramref name="grain"/>.</param>
    Task<T> Ask<TGrain, T>(TGrain grain, Guid device, string method, Func<TGrain, Task<T>> call)
        where TGrain : class, IGrainWithGuidKey;

    /// <summary>The same for a call without a result.</summary>
    Task Ask<TGrain>(TGrain grain, Guid device, string method, Func<TGrain, Task> call)
        where TGrain : class, IGrainWithGuidKey;

    /// <summary>Tells a session's grain something that nobody waits for.</summary>
    void Tell<TGrain>(TGrain grain, Guid device, string method, Func<TGrain, Task> call)
        where TGrain : class, IGrainWithGuidKey;
}
