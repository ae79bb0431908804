namespace Firezone.Storage.Postgres.Tokens;

/// <summary>What a token admits. A token of one kind fails at the other endpoints.</summary>
public enum TokenKind
{
    /// <summary>A client of one actor; expires.</summary>
    Client,

    /// <summary>Gateways of one site; does not expire.</summary>
    Gateway,

    /// <summary>Relays; belongs to no account and does not expire.</summary>
    Relay,

    /// <summary>The admin API, for an account or for the whole cluster.</summary>
    Admin,
}
