using Npgsql;
using NpgsqlTypes;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>A session with a prepared NOTIFY. For one call at a time.</summary>
internal sealed class SendConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _notify;
    private readonly NpgsqlParameter<string> _payload;

    private SendConnection(NpgsqlConnection connection, string channel)
    {
        _connection = connection;
        _payload = new NpgsqlParameter<string> { TypedValue = "", NpgsqlDbType = NpgsqlDbType.Text };
        _notify = new NpgsqlCommand("select pg_notify($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = channel, NpgsqlDbType = NpgsqlDbType.Text }, _payload },
        };
    }

    public static async Task<SendConnection> OpenAsync(MembershipDatabase db, CancellationToken ct)
    {
        var opened = new SendConnection(await db.OpenSessionAsync(ct), ChannelName.For(db.ClusterId));
        try
        {
            await opened._notify.PrepareAsync(ct);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public async Task NotifyAsync(string payload, CancellationToken ct)
    {
        _payload.TypedValue = payload;
        await _notify.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _notify.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
