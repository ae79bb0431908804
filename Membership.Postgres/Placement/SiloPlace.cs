namespace Firezone.Membership.Postgres.Placement;

/// <summary>Names of the silo metadata that say where a silo is.</summary>
public static class SiloPlace
{
    /// <summary>Name of the silo metadata with the region.</summary>
    public const string RegionKey = "region";

    /// <summary>Name of the silo metadata with the zone.</summary>
    public const string ZoneKey = "zone";
}
