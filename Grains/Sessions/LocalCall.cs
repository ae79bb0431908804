using System.Diagnostics;

namespace Firezone.Grains.Sessions;

/// <summary>A call to the grain of a session as a turn of its activation; completes with it.</summary>
/// <typeparam name="TGrain">What is called.</typeparam>
/// <typeparam name="T">Of the result; any for calls without one.</typeparam>
/// <param name="session">Which may have left the activation when it is its turn.</param>
/// <param name="activation">Of the session.</param>
/// <param name="elsewhere">Is called then.</param>
/// <param name="method">What <paramref name="call"/> calls.</param>
/// <param name="call">The call.</param>
internal sealed class LocalCall<TGrain, T>(
    LocalSession session, TGrain activation, TGrain elsewhere, string method, Func<TGrain, Task> call) : TaskCompletionSource<T>
    where TGrain : class
{
    /// <summary>To be queued with the call as its state.</summary>
    public static readonly Action<object> Turn = static state => _ = ((LocalCall<TGrain, T>)state).RunAsync();

    private readonly Activity? _cause = Activity.Current;

    private async Task RunAsync()
    {
        var here = session.TryEnter();
        using var span = here ? SessionTrace.Begin<TGrain>(method, _cause) : null;
        try
        {
            var task = call(here ? activation : elsewhere);
            // Goes on in the turn that ends the call; whoever waits outside is not run in it, but on the pool.
            await task;
            SetResult(task is Task<T> answered ? answered.Result : default!);
        }
        catch (Exception e)
        {
            SetException(e);
        }
        finally
        {
            if (here)
                session.Exit();
        }
    }
}
