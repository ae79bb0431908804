using Firezone.Admin.Accounts;

namespace Firezone.Admin.Operators;

/// <summary>A new account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Admin">Its first administrator, if one was asked for.</param>
public sealed record CreatedAccount(Account Account, CreatedAdmin? Admin);
