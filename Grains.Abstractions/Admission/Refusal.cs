namespace Firezone.Grains.Abstractions.Admission;

/// <summary>Why a connect is refused after its token was looked at. The front-end maps each value to one HTTP status and code.</summary>
public enum Refusal
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>Unknown, expired, revoked or wrong-kind token; account or actor disabled. 401 and final for the peer.</summary>
    InvalidToken = 1,

    /// <summary>Client only: the account is over its users or service-accounts limit. 402.</summary>
    LimitsExceeded = 2,

    /// <summary>Connection parameters invalid, or the public key belongs to another device. 422.</summary>
    InvalidConnectParams = 3,

    /// <summary>The gateway token's site is gone, or a relay gave no address. 500.</summary>
    InternalError = 4,

    /// <summary>The database does not answer; nothing is known about the token. 503.</summary>
    Unavailable = 5,

    /// <summary>Too many connects wait for the database, or somebody's transaction holds what this one needs. 503.</summary>
    Overloaded = 6,
}
