namespace Firezone.Grains.Abstractions.Operations;

/// <summary>What a device's grain knows of one session. Nothing in it is secret.</summary>
/// <param name="Silo">Where the grain is.</param>
/// <param name="IsAttached">Whether the session is the device's current one, as far as the grain knows; else the rest says nothing.</param>
/// <param name="AttachedAt">Since when it is attached to this activation.</param>
/// <param name="SnapshotVersion">Version of the account that the silo has; null for relays.</param>
/// <param name="HasChange">Whether a change waits that concerns the session.</param>
/// <param name="PushesSent">Numbered pushes since the last attach.</param>
/// <param name="ToldRelays">The relays that the device has been told; null for relays.</param>
/// <param name="Resources">Resources that a client has been told; null for others.</param>
/// <param name="NextEvaluation">When a client's access is evaluated anew although nothing was changed; null: time changes nothing.</param>
/// <param name="Authorizations">Grants that a gateway serves; null for others.</param>
/// <param name="FlowsUnderWay">Flows that a gateway was asked for and that are not settled; null for others.</param>
/// <param name="RowsUnderWay">Rows of a gateway's grants that are being stored; null for others.</param>
[GenerateSerializer, Immutable, Alias("fz.SessionState")]
public sealed record SessionState(
    [property: Id(0)] string Silo,
    [property: Id(1)] bool IsAttached,
    [property: Id(2)] DateTimeOffset? AttachedAt = null,
    [property: Id(3)] long? SnapshotVersion = null,
    [property: Id(4)] bool HasChange = false,
    [property: Id(5)] long PushesSent = 0,
    [property: Id(6)] Guid[]? ToldRelays = null,
    [property: Id(7)] int? Resources = null,
    [property: Id(8)] DateTimeOffset? NextEvaluation = null,
    [property: Id(9)] int? Authorizations = null,
    [property: Id(10)] int? FlowsUnderWay = null,
    [property: Id(11)] int? RowsUnderWay = null);
