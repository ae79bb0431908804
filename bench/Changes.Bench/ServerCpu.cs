using System.Globalization;
using Npgsql;

namespace Firezone.Changes.Bench;

/// <summary>CPU time of a PostgreSQL server on this machine: the postmaster and its children.</summary>
internal sealed class ServerCpu
{
    private readonly int _postmaster;
    private readonly Dictionary<int, TimeSpan> _seen = [];

    private ServerCpu(int postmaster) => _postmaster = postmaster;

    public static async Task<ServerCpu> OfAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
        return new ServerCpu(Parent((int)(await command.ExecuteScalarAsync())!)!.Value);
    }

    /// <summary>Grows only: a child that has ended keeps what it was last seen with.</summary>
    public TimeSpan Total()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && (id == _postmaster || Parent(id) == _postmaster)
                && Clock.Cpu(id) is { } cpu)
            {
                _seen[id] = cpu;
            }
        }

        return _seen.Values.Aggregate(TimeSpan.Zero, (sum, cpu) => sum + cpu);
    }

    private static int? Parent(int id)
    {
        try
        {
            // The command, in parentheses, may hold blanks; the state after it is field 3, the parent field 4.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
