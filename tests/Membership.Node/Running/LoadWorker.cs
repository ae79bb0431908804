using System.Diagnostics;

namespace Firezone.Membership.Node.Running;

/// <summary>One caller of a load: a call at a time, the next one after the answer and a pause.</summary>
internal sealed class LoadWorker(IGrainFactory grains, NodeOptions options, int ids, TimeSpan pause)
{
    private const int LongestError = 120;

    public List<float> Milliseconds { get; } = [];

    public int Failed { get; private set; }

    public int FailedAfterRetry { get; private set; }

    public Dictionary<string, int> Errors { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var id = Random.Shared.Next(ids);
            var started = Stopwatch.GetTimestamp();
            if (!await TryAsync(id, ""))
            {
                Failed++;
                await Task.Delay(options.RetryPause * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, CancellationToken.None);
                if (!await TryAsync(id, "again: "))
                    FailedAfterRetry++;
            }

            Milliseconds.Add((float)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(int id, string attempt)
    {
        try
        {
            if (await grains.GetGrain<IEchoGrain>(id).EchoAsync(id).WaitAsync(options.AttemptTimeout) == id)
                return true;
            Count(attempt + "wrong answer");
        }
        catch (Exception e)
        {
            Count(attempt + e.GetType().Name + ": " + new string([.. e.Message.Where(c => !char.IsDigit(c)).Take(LongestError)]));
        }

        return false;
    }

    private void Count(string error) => Errors[error] = Errors.GetValueOrDefault(error) + 1;
}
