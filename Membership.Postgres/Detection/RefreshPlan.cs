namespace Firezone.Membership.Postgres.Detection;

/// <summary>When to read the table: one read at a time, for the latest version announced, again after a failure.</summary>
internal sealed class RefreshPlan(DetectorSettings settings)
{
    private readonly Backoff _backoff = new(settings);
    private int _announced;
    private int _asked;
    private bool _everything;
    private bool _outstanding;
    private TimeSpan _notBefore;

    public void Announce(int version) => _announced = Math.Max(_announced, version);

    public void AskEverything() => _everything = true;

    public TimeSpan? Deadline(int viewVersion) => !_outstanding && Wanted(viewVersion) ? _notBefore : null;

    public bool TryStart(TimeSpan now, int viewVersion, out int version)
    {
        version = _everything ? 0 : _announced;
        if (_outstanding || now < _notBefore || !Wanted(viewVersion))
            return false;
        _outstanding = true;
        _everything = false;
        _asked = _announced;
        return true;
    }

    public void Completed(TimeSpan now, int viewVersion, bool ok)
    {
        if (!_outstanding)
            return;
        _outstanding = false;
        if (!ok)
        {
            // The announcement may have been false, so the repetition waits for no version.
            _everything = true;
            _notBefore = now + _backoff.Next();
            return;
        }

        // The read began after the announcement. If it did not show that version there is none; further such announcements are slowed down.
        if (_asked > viewVersion)
        {
            _notBefore = now + _backoff.Next();
        }
        else
        {
            _notBefore = now;
            _backoff.Reset();
        }

        if (_announced == _asked)
            _announced = 0;
    }

    private bool Wanted(int viewVersion) => _everything || _announced > viewVersion;
}
