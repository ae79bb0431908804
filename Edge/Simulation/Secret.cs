namespace Firezone.Edge.Simulation;

/// <summary>Keeps secrets out of what people see.</summary>
public static class Secret
{
    /// <summary>The first six characters and an ellipsis: enough to compare two keys by eye.</summary>
    public static string Shorten(string secret) => secret.Length <= 6 ? "…" : secret[..6] + "…";
}
