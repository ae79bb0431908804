using Firezone.Storage.Postgres.Behind;

namespace Firezone.Storage.Postgres.Sessions;

/// <summary>What happened to a session since it was last written.</summary>
internal sealed record SessionChange(Guid Id, SessionRow? Opened, DateTimeOffset? ClosedAt) : IBehindRow
{
    public Guid Key => Id;

    public IBehindRow Then(IBehindRow newer) => newer is SessionChange change ? Then(change) : newer;

    private SessionChange Then(SessionChange newer) => new(Id, Opened ?? newer.Opened, ClosedAt ?? newer.ClosedAt);
}
