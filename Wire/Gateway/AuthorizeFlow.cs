using Firezone.Wire.Secrets;

namespace Firezone.Wire.Gateway;

/// <summary>A granted flow for the gateway to install.</summary>
/// <param name="Ref">Opaque to the gateway, which sends it back with <c>flow_authorized</c>.</param>
/// <param name="Resource">JSON of <see cref="GatewayResource"/>, copied as it is.</param>
/// <param name="Client">The peer.</param>
/// <param name="Subject">On whose behalf.</param>
/// <param name="Ice">The same that the client will get.</param>
/// <param name="ExpiresAt">The gateway expires the access by its own clock; null is sent as null: no expiry.</param>
public readonly record struct AuthorizeFlow(
    string Ref,
    ReadOnlyMemory<byte> Resource,
    FlowClient Client,
    FlowSubject Subject,
    IceCredentials Ice,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>Without ref and keys: a record prints its members.</summary>
    public override string ToString() => $"flow of {Client}";
}
