namespace Firezone.Membership.Postgres.Tests.Hosting;

/// <summary>Says where it is.</summary>
internal interface IPlacedGrain : IGrainWithIntegerKey
{
    Task<string> WhereAsync();
}
