using Npgsql;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Typed parameters, so that a null does not leave its type to be guessed and a prepared statement is found again.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Uuid(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    public static NpgsqlParameter Text(string? value) => new NpgsqlParameter<string?> { TypedValue = value, DataTypeName = "text" };

    public static NpgsqlParameter Bytes(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value };

    public static NpgsqlParameter Time(DateTimeOffset? value) =>
        new NpgsqlParameter<DateTime?> { TypedValue = value?.UtcDateTime, DataTypeName = "timestamp with time zone" };

    public static NpgsqlParameter Double(double? value) =>
        new NpgsqlParameter<double?> { TypedValue = value, DataTypeName = "double precision" };
}
