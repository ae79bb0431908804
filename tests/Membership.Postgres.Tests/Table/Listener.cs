using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Hears what is said on a cluster's channel.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly List<string> _heard = [];
    private readonly string _channel;

    private Listener(string connectionString, string cluster)
    {
        _connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        _connection.Notification += (_, e) => _heard.Add(e.Payload);
        _channel = "orleans_membership_" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(cluster)));
    }

    public static async Task<Listener> StartAsync(string connectionString, string cluster)
    {
        var listener = new Listener(connectionString, cluster);
        await listener._connection.OpenAsync();
        await listener.ExecuteAsync($"listen {listener._channel}");
        return listener;
    }

    /// <summary>All that was said since the last call. What was committed before this call is among it: the server keeps the order.</summary>
    public async Task<string[]> TakeAsync()
    {
        var end = Guid.NewGuid().ToString("N");
        await ExecuteAsync($"notify {_channel}, '{end}'");
        while (!_heard.Contains(end))
            await _connection.WaitAsync();
        var taken = _heard.TakeWhile(payload => payload != end).ToArray();
        _heard.Clear();
        return taken;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
