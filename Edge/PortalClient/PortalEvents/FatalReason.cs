namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>Why a channel ended for good.</summary>
public enum FatalReason
{
    /// <summary>HTTP 401: the token is not, or no longer, valid. A client signs out, other devices exit.</summary>
    InvalidToken,

    /// <summary>The portal said <c>disconnect</c> with the reason <c>token_expired</c>; treated like <see cref="InvalidToken"/>.</summary>
    TokenExpired,

    /// <summary>The portal answered the join with an error.</summary>
    LoginFailed,

    /// <summary>The connection did not come back within its time limit.</summary>
    GaveUp,
}
