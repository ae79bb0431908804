namespace Firezone.Storage.Postgres.Sessions;

/// <summary>What happened to a session since it was last written.</summary>
internal sealed record SessionChange(Guid Id, SessionRow? Opened, DateTimeOffset? ClosedAt)
{
    public SessionChange Then(SessionChange newer) => new(Id, Opened ?? newer.Opened, ClosedAt ?? newer.ClosedAt);
}
