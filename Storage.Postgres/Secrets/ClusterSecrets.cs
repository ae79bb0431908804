using System.Security.Cryptography;
using Npgsql;

namespace Firezone.Storage.Postgres.Secrets;

/// <summary>Random bytes that every process of the cluster shares. They are made by whoever asks first and never change.</summary>
/// <param name="database">Where they are kept.</param>
public sealed class ClusterSecrets(Database database)
{
    private const string Get = "select value from cluster_secrets where name = $1";
    private const string Create = "insert into cluster_secrets (name, value) values ($1, $2) on conflict do nothing";

    /// <summary>The secret of this name, the same for all callers in all processes, also for those who ask at the same time.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>32 bytes.</returns>
    public async Task<byte[]> GetOrCreateAsync(string name, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (await ReadAsync(name, ct) is { } known)
            return known;
        await using (var create = database.Write.CreateCommand(Create))
        {
            create.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            create.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = RandomNumberGenerator.GetBytes(32) });
            await create.ExecuteNonQueryAsync(ct);
        }
        return await ReadAsync(name, ct)
            ?? throw new InvalidOperationException($"The cluster secret '{name}' was deleted while it was made.");
    }

    private async Task<byte[]?> ReadAsync(string name, CancellationToken ct)
    {
        await using var get = database.Write.CreateCommand(Get);
        get.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (byte[]?)await get.ExecuteScalarAsync(ct);
    }
}
