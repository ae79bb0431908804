using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>Rows of the membership table together with the version that they were read at.</summary>
internal sealed record TableContent(int Version, IReadOnlyList<TableRow> Rows)
{
    /// <summary>What the table has before the cluster's first silo started.</summary>
    public static readonly TableContent Empty = new(0, []);

    /// <summary>The content after a write that moved the version from this content's; this content itself if the write was to another one.</summary>
    public TableContent With(TableRow row, int version)
    {
        if (version != Version + 1)
            return this;
        var rows = Rows.Where(r => !r.Silo.Equals(row.Silo)).Append(row).ToList();
        return new(version, rows);
    }

    public TableRow? Find(SiloAddress silo) => Rows.FirstOrDefault(row => row.Silo.Equals(silo));

    public MembershipTableData ToData(ClockShift shift) => new(
        Rows.Select(row => Tuple.Create(row.ToEntry(shift), row.ETag)).ToList(),
        new TableVersion(Version, Version.ToString(CultureInfo.InvariantCulture)));
}
