using Firezone.Admin.Listing;

namespace Firezone.Admin.Resources;

/// <summary>Something that clients can reach through a site.</summary>
public sealed record Resource : IListed
{
    internal const string Columns =
        "x.id, x.type, x.name, x.address, x.address_description, x.ip_stack, x.filters, x.site_id, x.created_at";

    internal const string Select = $"select {Columns} from resources x";

    /// <summary>Identifies the resource.</summary>
    public Guid Id { get; init; }

    /// <summary><c>dns</c>, <c>cidr</c>, <c>ip</c> or <c>internet</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Shown to users.</summary>
    public string Name { get; init; } = "";

    /// <summary>Null for the internet.</summary>
    public string? Address { get; init; }

    /// <summary>Shown in place of the address.</summary>
    public string? AddressDescription { get; init; }

    /// <summary><c>dual</c>, <c>ipv4_only</c> or <c>ipv6_only</c> for dns, else null.</summary>
    public string? IpStack { get; init; }

    /// <summary>Allowed traffic; empty means all.</summary>
    public TrafficFilter[] Filters { get; init; } = [];

    /// <summary>Null: nobody can reach it at present.</summary>
    public Guid? SiteId { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
