using System.Security.Cryptography;
using System.Text;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>
/// Tokens that were good a while ago, for the time in which the database does not say: that is when operators need the pages most. Keeps
/// hashes only. Thread-safe.
/// </summary>
internal sealed class KnownTokens(TimeProvider time)
{
    private const int Capacity = 200;

    /// <summary>For so long a token is known after the database has called it good.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _good = [];

    internal void Remember(string token)
    {
        lock (_lock)
        {
            if (_good.Count >= Capacity)
            {
                foreach (var (old, at) in _good.ToList())
                {
                    if (time.GetElapsedTime(at) > Lifetime)
                        _good.Remove(old);
                }
            }

            var key = Key(token);
            if (_good.Count < Capacity || _good.ContainsKey(key))
                _good[key] = time.GetTimestamp();
        }
    }

    internal void Forget(string token)
    {
        lock (_lock)
            _good.Remove(Key(token));
    }

    internal bool Knows(string token)
    {
        lock (_lock)
            return _good.TryGetValue(Key(token), out var at) && time.GetElapsedTime(at) <= Lifetime;
    }

    private static string Key(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
