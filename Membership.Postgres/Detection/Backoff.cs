namespace Firezone.Membership.Postgres.Detection;

/// <summary>Growing pauses between attempts.</summary>
internal sealed class Backoff(DetectorSettings settings)
{
    private TimeSpan _next = settings.RetryMin;

    public TimeSpan Next()
    {
        var pause = _next;
        _next = _next * 2 < settings.RetryMax ? _next * 2 : settings.RetryMax;
        return pause * (1 - settings.Jitter() / 2);
    }

    public void Reset() => _next = settings.RetryMin;
}
