namespace Firezone.Storage.Postgres.Connecting;

/// <summary>A use of a client token.</summary>
/// <param name="TokenId">The row.</param>
/// <param name="Origin">From where.</param>
/// <param name="At">The database's clock at the connect.</param>
internal sealed record TokenSighting(Guid TokenId, ConnectOrigin Origin, DateTimeOffset At)
{
    public TokenSighting Then(TokenSighting newer) => newer.At >= At ? newer : this;
}
