using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>Compares rows by content; the records' own equality compares their arrays by reference.</summary>
internal static class Rows
{
    public static bool Same(AccountConfig a, AccountConfig b) =>
        a.SearchDomain == b.SearchDomain
        && a.DnsType == b.DnsType
        && a.DohProvider == b.DohProvider
        && a.DnsAddresses.AsSpan().SequenceEqual(b.DnsAddresses);

    public static bool Same(ResourceRow a, ResourceRow b) => Same(a.Filters, b.Filters) && a == (b with { Filters = a.Filters });

    public static bool Same(PolicyRow a, PolicyRow b) =>
        Same(a.Conditions, b.Conditions) && a == (b with { Conditions = a.Conditions });

    public static bool Same(FilterRow[] a, FilterRow[] b) =>
        Same(a, b, static (x, y) => x.Protocol == y.Protocol && x.Ports.AsSpan().SequenceEqual(y.Ports));

    public static bool Same(ConditionRow[] a, ConditionRow[] b) =>
        Same(a, b, static (x, y) => x.Property == y.Property && x.Operator == y.Operator && x.Values.AsSpan().SequenceEqual(y.Values));

    private static bool Same<T>(T[] a, T[] b, Func<T, T, bool> same)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (!same(a[i], b[i]))
                return false;
        }

        return true;
    }
}
