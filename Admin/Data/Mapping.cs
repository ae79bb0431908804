using System.Data;
using System.Text.Json;
using Dapper;
using Firezone.Admin.Accounts;
using Firezone.Admin.Hosting;
using Firezone.Admin.Policies;
using Firezone.Admin.Resources;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Admin.Data;

/// <summary>How rows become objects.</summary>
internal static class Mapping
{
    static Mapping()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new Json<TrafficFilter[]>());
        SqlMapper.AddTypeHandler(new Json<PolicyCondition[]>());
        SqlMapper.AddTypeHandler(new Json<AccountSettings>());
        SqlMapper.AddTypeHandler(new Json<JsonElement>());
    }

    /// <summary>Done once per process, by the first use.</summary>
    public static void Register()
    {
    }

    private sealed class Json<T> : SqlMapper.TypeHandler<T>
    {
        public override T? Parse(object value) => JsonSerializer.Deserialize<T>((string)value, Lenient);

        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            parameter.Value = JsonSerializer.Serialize(value, AdminJson.Options);
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb;
        }
    }

    // What plain SQL stored may hold more than the API knows.
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}
