namespace Firezone.Storage.Postgres.Schema;

/// <summary>The database was migrated by a newer release and no longer has what this build uses.</summary>
/// <param name="database">Number of the newest script that was run there.</param>
/// <param name="oldestBuild">Number of the newest script that a build must have to run there.</param>
/// <param name="build">Number of this build's newest script.</param>
public sealed class SchemaTooNewException(int database, int oldestBuild, int build)
    : Exception(
        $"The database has schema {database}, made by a newer release, and admits builds of schema {oldestBuild} and newer; this build has {build}. "
        + "Start the newer release, or restore the backup that was made before the upgrade.");
