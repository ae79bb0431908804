namespace Firezone.Architecture.Tests;

/// <summary>A rule holds when nothing is found that breaks it.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        if (all.Length > 0)
            Assert.Fail(string.Join('\n', all));
    }
}
