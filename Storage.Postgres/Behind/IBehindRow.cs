namespace Firezone.Storage.Postgres.Behind;

/// <summary>A change that is written behind the connect path. Changes of the same row that meet in a batch are joined.</summary>
internal interface IBehindRow
{
    /// <summary>The row's id. Ids are random and unique over all tables.</summary>
    Guid Key { get; }

    /// <summary>This change and one that was reported after it, as one.</summary>
    IBehindRow Then(IBehindRow newer);
}
