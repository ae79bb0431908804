namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>Whether a connect is taken on.</summary>
internal enum EntryVerdict
{
    /// <summary>It is.</summary>
    Entered = 0,

    /// <summary>Too many are under way.</summary>
    UnderWay = 1,

    /// <summary>Too many have come within this second.</summary>
    Rate = 2,
}
