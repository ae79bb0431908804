namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>A time in which more connects came than were taken on.</summary>
/// <param name="Began">When the first one was refused.</param>
internal sealed record Storm(TimeSpan Began)
{
    /// <summary>When the last one was refused.</summary>
    internal TimeSpan LastRefusal { get; set; } = Began;

    /// <summary>Connects taken on meanwhile.</summary>
    internal long Entered { get; set; }

    /// <summary>Refused because too many were under way.</summary>
    internal long RefusedUnderWay { get; set; }

    /// <summary>Refused because too many came within a second.</summary>
    internal long RefusedRate { get; set; }

    /// <summary>Most devices that were told to come back and had not yet.</summary>
    internal int MostWaiting { get; set; }
}
