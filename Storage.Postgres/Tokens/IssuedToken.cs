namespace Firezone.Storage.Postgres.Tokens;

/// <summary>A fresh token: the text for its bearer, the rest for the database.</summary>
/// <param name="Id">Identifies the token in rows and logs.</param>
/// <param name="Text">The credential. It exists only here; give it out once and never log it.</param>
/// <param name="Salt">16 bytes.</param>
/// <param name="Hash">SHA-256 over nonce, secret and salt.</param>
public sealed record IssuedToken(Guid Id, string Text, byte[] Salt, byte[] Hash)
{
    /// <summary>Names the token without its text, so that a logged record gives nothing away.</summary>
    public override string ToString() => $"{nameof(IssuedToken)} {Id}";
}
