namespace Firezone.Storage.Postgres.Connecting;

/// <summary>How a connect was judged, in the order in which the conditions are checked.</summary>
public enum ConnectStatus
{
    /// <summary>Admitted; the record is present.</summary>
    Ok,

    /// <summary>
    /// The token is malformed, of another kind, unknown, tampered with or expired, or (clients only) its account or actor is disabled.
    /// Terminal for the peer, so it is never given for a failure of ours.
    /// </summary>
    InvalidToken,

    /// <summary>The account used up its seats for this kind of actor. Clients only.</summary>
    LimitsExceeded,

    /// <summary>The token is good, but the caller had no valid device attributes to offer.</summary>
    InvalidAttributes,

    /// <summary>Another device of the same actor (clients) or account (gateways) holds this public key.</summary>
    PublicKeyTaken,

    /// <summary>The site of a gateway's token was deleted while the gateway connected.</summary>
    SiteGone,
}
