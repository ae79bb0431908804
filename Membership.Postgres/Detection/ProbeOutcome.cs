namespace Firezone.Membership.Postgres.Detection;

/// <summary>What came of asking a silo directly.</summary>
public enum ProbeOutcome
{
    /// <summary>It answered an Orleans call: it lives.</summary>
    Answered,

    /// <summary>Its endpoint accepts connections but the call was not answered in time: frozen, overloaded, or not yet open for calls.</summary>
    Silent,

    /// <summary>No connection within the limit, or no route: the host is gone or cut off.</summary>
    NoAnswer,

    /// <summary>The host is there and nothing listens on the silo's endpoint: the process is gone.</summary>
    Refused,

    /// <summary>It could not be asked, for a reason on this side. Says nothing about the silo.</summary>
    Unknown,
}
