namespace Firezone.Silos.Operations.Authentication;

/// <summary>Whether a request may be answered.</summary>
internal enum AccessVerdict
{
    /// <summary>It comes from an operator.</summary>
    Granted,

    /// <summary>It has no credentials, or none that are good.</summary>
    Unauthenticated,

    /// <summary>It comes from somebody who is no operator.</summary>
    Forbidden,

    /// <summary>Too many wrong tokens came from there.</summary>
    TooManyGuesses,

    /// <summary>The database does not say whether the token is good.</summary>
    Unavailable,
}
