namespace Firezone.Storage.Postgres.Schema;

/// <summary>A script failed and was rolled back; the database is at the state that the scripts before it left.</summary>
/// <param name="script">The script, or null if it failed before any.</param>
/// <param name="inner">The database's reason.</param>
public sealed class SchemaMigrationException(string? script, Exception? inner)
    : Exception($"Schema migration failed{(script is null ? "" : $" in {script}")}: {inner?.Message}", inner);
