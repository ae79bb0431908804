using Firezone.Storage.Postgres.Behind;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>A use of a client token.</summary>
/// <param name="TokenId">The row.</param>
/// <param name="Origin">From where.</param>
/// <param name="At">The database's clock at the connect.</param>
internal sealed record TokenSighting(Guid TokenId, ConnectOrigin Origin, DateTimeOffset At) : IBehindRow
{
    public Guid Key => TokenId;

    public IBehindRow Then(IBehindRow newer) => newer is TokenSighting sighting ? Then(sighting) : newer;

    private TokenSighting Then(TokenSighting newer) => newer.At >= At ? newer : this;
}
