using System.Security.Cryptography;
using Dapper;
using Firezone.Admin.Data;
using Firezone.Admin.Problems;
using Npgsql;

namespace Firezone.Admin.Idempotency;

/// <summary>
/// The row of an idempotency key. It is written in the transaction of the change: a change that fails leaves none, and of two requests at
/// once the second waits for the first.
/// </summary>
internal sealed class KeptAnswer(RepeatableRequest request, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private const string Claim = """
        insert into admin_requests (token_id, key_hash, request_hash) values (@TokenId, @KeyHash, @RequestHash)
        on conflict (token_id, key_hash) do update
        set request_hash = excluded.request_hash, status = null, location = null, body = null, created_at = clock_timestamp()
        where admin_requests.created_at < clock_timestamp() - interval '24 hours'
        returning true
        """;

    private const string Find =
        "select request_hash, status, location, body from admin_requests where token_id = @TokenId and key_hash = @KeyHash";

    private const string Keep =
        "update admin_requests set status = @Status, location = @Location, body = @body where token_id = @TokenId and key_hash = @KeyHash";

    /// <summary>Takes the key, or finds the answer that the request got before.</summary>
    /// <exception cref="ProblemException">The key was used for another request.</exception>
    public async Task<Answer?> ClaimAsync(CancellationToken ct)
    {
        if (await connection.ExecuteScalarAsync<bool?>(Command(Claim, request, ct)) == true)
            return null;
        var row = await connection.QuerySingleAsync<Row>(Command(Find, request, ct));
        if (!row.RequestHash.AsSpan().SequenceEqual(request.RequestHash) || row.Status is not { } status)
            throw new ProblemException(Problem.KeyReused);
        return new Answer(status, row.Body is null ? null : Decrypt(row.Body), row.Location, Replayed: true);
    }

    /// <summary>Keeps the answer for a repetition.</summary>
    public Task KeepAsync(Answer answer, CancellationToken ct)
    {
        var body = answer.Body is null ? null : Encrypt(answer.Body);
        return connection.ExecuteAsync(Command(Keep, new { request.TokenId, request.KeyHash, answer.Status, answer.Location, body }, ct));
    }

    private CommandDefinition Command(string sql, object parameters, CancellationToken ct) =>
        new(sql, parameters, transaction, cancellationToken: ct);

    private byte[] Encrypt(byte[] plain)
    {
        var sealedBody = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(sealedBody.AsSpan(0, NonceLength));
        using var aes = new AesGcm(request.Cipher, TagLength);
        aes.Encrypt(
            sealedBody.AsSpan(0, NonceLength),
            plain,
            sealedBody.AsSpan(NonceLength + TagLength),
            sealedBody.AsSpan(NonceLength, TagLength));
        return sealedBody;
    }

    private byte[] Decrypt(byte[] sealedBody)
    {
        var plain = new byte[sealedBody.Length - NonceLength - TagLength];
        using var aes = new AesGcm(request.Cipher, TagLength);
        aes.Decrypt(
            sealedBody.AsSpan(0, NonceLength),
            sealedBody.AsSpan(NonceLength + TagLength),
            sealedBody.AsSpan(NonceLength, TagLength),
            plain);
        return plain;
    }

    private sealed class Row
    {
        public byte[] RequestHash { get; init; } = [];

        public int? Status { get; init; }

        public string? Location { get; init; }

        public byte[]? Body { get; init; }
    }
}
