using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Sessions;

/// <summary>
/// Has activations of this silo do something in a turn of their own, which interleaves with their calls like one of those that may. A
/// message does the same at several times the cost.
/// </summary>
/// <param name="scheduler">Of the activation; takes turns until the activation is gone, and drops none.</param>
/// <param name="activation">The grain itself.</param>
/// <param name="logger">Of the grain.</param>
internal sealed partial class LocalTurn(IWorkItemScheduler scheduler, ISessionGrain activation, ILogger logger)
{
    /// <summary>The grain itself; to be called in its turns only.</summary>
    public ISessionGrain Activation => activation;

    /// <summary>Returns at once.</summary>
    public void Run(Func<ISessionGrain, Task> what) => scheduler.QueueAction(state => _ = RunAsync((Func<ISessionGrain, Task>)state), what);

    /// <summary>Asks the activation; the answer comes on any thread.</summary>
    public Task<T> Ask<TGrain, T>(LocalSession session, TGrain elsewhere, string method, Func<TGrain, Task> call)
        where TGrain : class
    {
        var asked = new LocalCall<TGrain, T>(session, (TGrain)activation, elsewhere, method, call);
        scheduler.QueueAction(LocalCall<TGrain, T>.Turn, asked);
        return asked.Task;
    }

    private async Task RunAsync(Func<ISessionGrain, Task> what)
    {
        try
        {
            await what(activation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e, activation.GetGrainId());
        }
    }

    [LoggerMessage(EventId = 3107, Level = LogLevel.Warning, Message = "{Grain} could not do what its silo told it")]
    private partial void LogFailed(Exception exception, GrainId grain);
}
