using System.Net;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>
/// Bounds wrong tokens, per address and in all. A token cannot be guessed anyway; what is saved is the database. Thread-safe.
/// </summary>
internal sealed class GuessBound(TimeProvider time)
{
    /// <summary>Wrong tokens of one address per minute.</summary>
    internal const int PerAddress = 20;

    /// <summary>Wrong tokens per minute.</summary>
    internal const int Overall = 300;

    /// <summary>After this long counting begins anew.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _wrong = [];
    private int _all;
    private long _began = time.GetTimestamp();

    /// <summary>Takes a guess, to be given back by <see cref="WasRight"/> if it was none.</summary>
    internal bool TryBegin(IPAddress? from)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_began) >= Window)
            {
                _wrong.Clear();
                (_all, _began) = (0, time.GetTimestamp());
            }

            var wrong = _wrong.GetValueOrDefault(from ?? IPAddress.None);
            if (wrong >= PerAddress || _all >= Overall)
                return false;
            _wrong[from ?? IPAddress.None] = wrong + 1;
            _all++;
            return true;
        }
    }

    internal void WasRight(IPAddress? from)
    {
        lock (_lock)
        {
            if (!_wrong.TryGetValue(from ?? IPAddress.None, out var wrong) || wrong == 0)
                return;
            _wrong[from ?? IPAddress.None] = wrong - 1;
            _all--;
        }
    }
}
