namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Reads the configuration of accounts.</summary>
public sealed class AccountReader
{
    /// <summary>stub</summary>
    public Task<AccountData?> LoadAsync(Guid accountId, CancellationToken ct) => throw new NotImplementedException();
}
