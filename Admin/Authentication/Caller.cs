namespace Firezone.Admin.Authentication;

/// <summary>Who makes a request.</summary>
/// <param name="TokenId">The admin token.</param>
/// <param name="TokenName">For the audit log.</param>
/// <param name="Role">See <see cref="Roles"/>.</param>
/// <param name="AccountId">The only account whose rows this request may touch; null for operators.</param>
/// <param name="ActorId">For whom the token acts; null for operators.</param>
/// <param name="AccountDisabled">Then nothing is allowed.</param>
/// <param name="RemoteIp">For the audit log.</param>
public sealed record Caller(
    Guid TokenId, string TokenName, string Role, Guid? AccountId, Guid? ActorId, bool AccountDisabled, string? RemoteIp);
