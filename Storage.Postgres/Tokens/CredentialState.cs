namespace Firezone.Storage.Postgres.Tokens;

/// <summary>Whether a session may go on.</summary>
public enum CredentialState
{
    /// <summary>It may.</summary>
    Valid,

    /// <summary>The token is deleted or expired, or its actor or account is disabled.</summary>
    TokenGone,

    /// <summary>The token is good, but the client or gateway is deleted.</summary>
    DeviceGone,
}
