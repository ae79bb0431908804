using System.Diagnostics;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Wire.Secrets;

namespace Firezone.Grains.Gateways;

/// <summary>
/// A flow between <c>authorize_flow</c> and its answer to the client. The client is told when the gateway has acknowledged and the row is
/// committed, whichever comes last; and once only.
/// </summary>
/// <param name="authorizationId">The row's id.</param>
/// <param name="sessionId">The client session that asked.</param>
/// <param name="clientId">The asking client.</param>
/// <param name="resourceId">What it asked for.</param>
/// <param name="requestRef">Raw JSON text of a deprecated request's ref.</param>
/// <param name="gatewayKey">The gateway's public key that the secrets were derived from.</param>
/// <param name="presharedKey">As sent to the gateway.</param>
/// <param name="ice">As sent to the gateway.</param>
/// <param name="sentAt">When <c>authorize_flow</c> was pushed.</param>
public sealed class PendingFlow(
    Guid authorizationId,
    Guid sessionId,
    Guid clientId,
    Guid resourceId,
    string? requestRef,
    string gatewayKey,
    string presharedKey,
    IceCredentials ice,
    DateTimeOffset sentAt)
{
    private bool _answered;

    /// <summary>The row's id.</summary>
    public Guid AuthorizationId { get; } = authorizationId;

    /// <summary>The client session that asked.</summary>
    public Guid SessionId { get; } = sessionId;

    /// <summary>The asking client.</summary>
    public Guid ClientId { get; } = clientId;

    /// <summary>What it asked for.</summary>
    public Guid ResourceId { get; } = resourceId;

    /// <summary>Raw JSON text of a deprecated request's ref.</summary>
    public string? RequestRef { get; } = requestRef;

    /// <summary>The gateway's public key that the secrets were derived from.</summary>
    public string GatewayKey { get; } = gatewayKey;

    /// <summary>As sent to the gateway.</summary>
    public string PresharedKey { get; } = presharedKey;

    /// <summary>As sent to the gateway.</summary>
    public IceCredentials Ice { get; } = ice;

    /// <summary>When <c>authorize_flow</c> was pushed.</summary>
    public DateTimeOffset SentAt { get; } = sentAt;

    /// <summary>The request's span; null if nothing is traced.</summary>
    internal Activity? Cause { get; } = Activity.Current;

    /// <summary>What the gateway was asked.</summary>
    public (string Event, byte[] Payload) Push { get; set; }

    /// <summary>The row is durable.</summary>
    public bool Committed { get; set; }

    /// <summary>The gateway has answered.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>The answer of a deprecated request; null until it has come, and always for <c>flow_authorized</c>.</summary>
    public byte[]? GatewayPayload { get; set; }

    /// <summary>True exactly once: when both conditions hold and the client has not been told yet.</summary>
    public bool TryTakeAnswer()
    {
        if (_answered || !Committed || !Acknowledged)
            return false;
        return _answered = true;
    }
}
