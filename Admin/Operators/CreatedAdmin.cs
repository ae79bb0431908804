namespace Firezone.Admin.Operators;

/// <summary>The first administrator of a new account.</summary>
/// <param name="ActorId">The actor.</param>
/// <param name="TokenId">Its admin token.</param>
/// <param name="Token">The credential, shown only now.</param>
public sealed record CreatedAdmin(Guid ActorId, Guid TokenId, string Token)
{
    /// <summary>Without the credential: a record prints its members.</summary>
    public override string ToString() => $"{nameof(CreatedAdmin)} {ActorId}";
}
