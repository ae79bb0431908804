namespace Firezone.Admin.Explaining;

/// <summary>A resource with its site.</summary>
internal sealed class ResourceFacts
{
    public const string Sql = """
        select x.id, x.site_id, s.name as site_name
        from resources x left join sites s on s.account_id = x.account_id and s.id = x.site_id
        where x.account_id = @account and x.id = @id
        """;

    public Guid Id { get; init; }

    public Guid? SiteId { get; init; }

    public string? SiteName { get; init; }
}
