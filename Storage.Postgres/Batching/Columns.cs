using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Batching;

/// <summary>
/// Turns rows into one array parameter per column, for <c>unnest</c>: the statement's text does not depend on their number.
/// </summary>
internal static class Columns
{
    public static void AddColumn<TRow, TValue>(
        this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    public static void AddUuid<TRow>(this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, Guid> value) =>
        parameters.AddColumn(rows, NpgsqlDbType.Uuid, value);

    public static void AddText<TRow>(this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, string?> value) =>
        parameters.AddColumn(rows, NpgsqlDbType.Text, value);

    public static void AddTime<TRow>(
        this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, DateTimeOffset> value) =>
        parameters.AddColumn(rows, NpgsqlDbType.TimestampTz, row => value(row).UtcDateTime);

    public static void AddDouble<TRow>(this NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows, Func<TRow, double?> value) =>
        parameters.AddColumn(rows, NpgsqlDbType.Double, value);
}
