namespace Firezone.Faults.Running;

/// <summary>Membership providers of the nodes.</summary>
internal static class Provider
{
    /// <summary>The PostgreSQL provider; another one for comparison by <c>FIREZONE_FAULTS_PROVIDER</c>.</summary>
    public static string Tested { get; } = Environment.GetEnvironmentVariable("FIREZONE_FAULTS_PROVIDER") is { Length: > 0 } other ? other : "postgres";

    /// <summary>Plain <c>UseAdoNetClustering</c>.</summary>
    public const string AdoNet = "adonet";
}
