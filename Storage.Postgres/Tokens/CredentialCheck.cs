namespace Firezone.Storage.Postgres.Tokens;

/// <summary>The answer about a <see cref="Credential"/>.</summary>
/// <param name="State">Whether the session may go on.</param>
/// <param name="Verified">An administrator has verified the client; false for other devices.</param>
public readonly record struct CredentialCheck(CredentialState State, bool Verified);
