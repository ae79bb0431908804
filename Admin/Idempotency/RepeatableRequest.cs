namespace Firezone.Admin.Idempotency;

/// <summary>A request with an idempotency key.</summary>
/// <param name="TokenId">Keys of different tokens have nothing to do with each other.</param>
/// <param name="KeyHash">Of the key.</param>
/// <param name="RequestHash">Of all that makes the request what it is.</param>
/// <param name="Cipher">Encrypts the kept answer; follows from the caller's token, which the database does not know.</param>
internal sealed record RepeatableRequest(Guid TokenId, byte[] KeyHash, byte[] RequestHash, byte[] Cipher)
{
    /// <summary>Without the cipher key: a record prints its members.</summary>
    public override string ToString() => nameof(RepeatableRequest);
}
