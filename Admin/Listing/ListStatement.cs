using System.Text;
using Dapper;
using Firezone.Admin.Problems;

namespace Firezone.Admin.Listing;

/// <summary>
/// Puts the statement of a list together: a select, the account, what the caller filters by, the page. Only constant text becomes SQL,
/// every value a parameter.
/// </summary>
internal sealed class ListStatement
{
    private const int MaxValues = 100;

    private readonly StringBuilder _where = new();
    private readonly string _select;
    private readonly ListQuery _query;
    private string _time = "x.created_at";
    private bool _newestFirst;

    /// <param name="select">Up to and without <c>where</c>; the table that is listed is called <c>x</c> in it.</param>
    /// <param name="query">Page and ids.</param>
    /// <param name="condition">What always holds; by default that the row belongs to the account.</param>
    public ListStatement(string select, ListQuery query, string condition = "x.account_id = @account")
    {
        _select = select;
        _query = query;
        Limit = query.Count();
        _where.Append(condition);
        In("id", "x.id", query.Id);
    }

    /// <summary>How many items a page has.</summary>
    public int Limit { get; }

    /// <summary>Of the statement.</summary>
    public DynamicParameters Parameters { get; } = new();

    /// <summary>One row more than the page, to know whether there is a next one.</summary>
    public string Sql
    {
        get
        {
            var order = _newestFirst ? "desc" : "asc";
            var sql = new StringBuilder(_select).Append(" where ").Append(_where);
            if (_query.Cursor is { } text)
            {
                var cursor = Cursor.Parse(text);
                Parameters.Add("cursor_at", cursor.At);
                Parameters.Add("cursor_id", cursor.Id);
                sql.Append($" and ({_time}, x.id) {(_newestFirst ? '<' : '>')} (@cursor_at, @cursor_id)");
            }

            Parameters.Add("rows", Limit + 1);
            return sql.Append($" order by {_time} {order}, x.id {order} limit @rows").ToString();
        }
    }

    /// <summary>Descending by another column than the creation.</summary>
    public ListStatement NewestFirst(string column)
    {
        (_time, _newestFirst) = (column, true);
        return this;
    }

    /// <summary>The value of a parameter of the condition that always holds.</summary>
    public ListStatement Always(string parameter, object value)
    {
        Parameters.Add(parameter, value);
        return this;
    }

    /// <summary>If given: one of these.</summary>
    public ListStatement In<T>(string parameter, string column, T[]? values)
    {
        if (values is null or { Length: 0 })
            return this;
        if (values.Length > MaxValues)
            throw ProblemException.Invalid(parameter, $"at most {MaxValues} values");
        return Add(parameter, $"{column} = any(@{parameter})", values);
    }

    /// <summary>If given: equal to this.</summary>
    public ListStatement Equal<T>(string parameter, string column, T? value) =>
        value is null ? this : Add(parameter, $"{column} = @{parameter}", value);

    /// <summary>If given: equal to this whatever the case.</summary>
    public ListStatement EqualIgnoringCase(string parameter, string column, string? value) =>
        value is null ? this : Add(parameter, $"lower({column}) = lower(@{parameter})", value);

    /// <summary>If given: contains this whatever the case.</summary>
    public ListStatement Containing(string parameter, string column, string? value) =>
        value is null ? this : Add(parameter, $"strpos(lower({column}), lower(@{parameter})) > 0", value);

    /// <summary>If given: whether this holds.</summary>
    public ListStatement Whether(string condition, bool? value)
    {
        if (value is { } wanted)
            _where.Append(wanted ? $" and ({condition})" : $" and not ({condition})");
        return this;
    }

    /// <summary>If given: a condition with the value.</summary>
    public ListStatement With<T>(string parameter, string condition, T? value) => value is null ? this : Add(parameter, condition, value);

    private ListStatement Add(string parameter, string condition, object value)
    {
        _where.Append($" and ({condition})");
        Parameters.Add(parameter, value);
        return this;
    }
}
