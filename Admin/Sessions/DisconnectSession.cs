using Firezone.Admin.Validation;

namespace Firezone.Admin.Sessions;

/// <summary>Why a session is ended.</summary>
public sealed record DisconnectSession
{
    /// <summary>For the audit log; the device is not told.</summary>
    [Text(200)]
    public string? Reason { get; init; }
}
