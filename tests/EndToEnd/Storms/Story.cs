using System.Diagnostics;
using System.Globalization;

namespace Firezone.EndToEnd.Storms;

/// <summary>What a device met one after the other, each with the seconds since it began; bounded.</summary>
internal sealed class Story
{
    private const int Most = 16;

    private readonly List<string> _events = [];
    private long _began;

    /// <summary>Begins anew.</summary>
    public void Begin(long at, string what)
    {
        _began = at;
        _events.Clear();
        Add(what);
    }

    public void Add(string what)
    {
        if (_began != 0 && _events.Count < Most)
            _events.Add(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds:0.00} {what}"));
    }

    public override string ToString() => string.Join(", ", _events);
}
