using System.Diagnostics;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Sessions;

/// <inheritdoc />
public sealed class SessionCalls(LocalSessions sessions) : ISessionCalls
{
    /// <inheritdoc />
    public Task<T> Ask<TGrain, T>(TGrain grain, Guid device, string method, Func<TGrain, Task<T>> call)
        where TGrain : class, IGrainWithGuidKey =>
        sessions.FindDevice<TGrain>(device) is { } session ? session.Ask<TGrain, T>(grain, method, call) : call(grain);

    /// <inheritdoc />
    public Task Ask<TGrain>(TGrain grain, Guid device, string method, Func<TGrain, Task> call)
        where TGrain : class, IGrainWithGuidKey =>
        sessions.FindDevice<TGrain>(device) is { } session ? session.Ask<TGrain, bool>(grain, method, call) : call(grain);

    /// <inheritdoc />
    public void Tell<TGrain>(TGrain grain, Guid device, string method, Func<TGrain, Task> call)
        where TGrain : class, IGrainWithGuidKey
    {
        if (sessions.FindDevice<TGrain>(device) is { } session)
        {
            var cause = Activity.Current;
            session.Tell(activation => TurnAsync(session, (TGrain)activation, grain, method, cause, call));
        }
        else
        {
            _ = call(grain);
        }
    }

    private static async Task TurnAsync<TGrain>(
        LocalSession session, TGrain activation, TGrain elsewhere, string method, Activity? cause, Func<TGrain, Task> call)
    {
        var here = session.TryEnter();
        using var span = here ? SessionTrace.Begin<TGrain>(method, cause) : null;
        try
        {
            await call(here ? activation : elsewhere);
        }
        finally
        {
            if (here)
                session.Exit();
        }
    }
}
