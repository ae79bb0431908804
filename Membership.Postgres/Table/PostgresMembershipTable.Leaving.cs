using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

public sealed partial class PostgresMembershipTable
{
    private readonly Lock _gate = new();
    private bool _leaving;
    private bool _withoutDatabase;
    private TableContent? _remembered;
    private SiloAddress? _self;

    /// <summary>
    /// The silo of this process is on its way out. From then on statements are limited by
    /// <see cref="PostgresMembershipOptions.LeavingTableTimeout"/>; and when the database cannot be reached within it, reads of the whole
    /// table answer from the last one, and writes that end this process' own row (the one that was inserted through this object) report
    /// success, so that Orleans goes on and tells its peers directly. Once that has happened, the database is given an eighth of the
    /// limit only.
    /// </summary>
    public bool Leaving
    {
        get
        {
            lock (_gate)
                return _leaving;
        }

        set
        {
            lock (_gate)
                _leaving = value;
        }
    }

    private TimeSpan Limit
    {
        get
        {
            lock (_gate)
            {
                return !_leaving ? _options.TableTimeout
                    : _withoutDatabase ? _options.LeavingTableTimeout / 8
                    : _options.LeavingTableTimeout;
            }
        }
    }

    private TableContent? Remembered
    {
        get
        {
            lock (_gate)
                return _remembered;
        }
    }

    private SiloAddress? Self
    {
        get
        {
            lock (_gate)
                return _self;
        }

        set
        {
            lock (_gate)
                _self = value;
        }
    }

    private void Remember(TableContent content)
    {
        lock (_gate)
        {
            _remembered = content;
            _withoutDatabase = false;
        }
    }

    // So that a read from memory agrees with the writes that Orleans believes in.
    private void RememberWrite(TableRow row, int version)
    {
        lock (_gate)
            _remembered = _remembered?.With(row, version);
    }

    private bool IsOwnEnd(TableRow row) =>
        row.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead && row.Silo.Equals(Self);

    private void GoWithoutDatabase(Exception e)
    {
        lock (_gate)
        {
            if (_withoutDatabase)
                return;
            _withoutDatabase = true;
        }
        LogWithoutDatabase(_log, e);
    }

    [LoggerMessage(7011, LogLevel.Warning, "The database cannot be reached while the silo leaves: it leaves without writing that down, and the others find out")]
    private static partial void LogWithoutDatabase(ILogger log, Exception e);
}
