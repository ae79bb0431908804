namespace Firezone.Grains.Policies;

/// <summary>A policy's parsed conditions, in their stored order. Immutable and shared by every session of an account.</summary>
public sealed class CompiledConditions
{
    internal CompiledConditions(Condition[] items)
    {
        Items = items;
        DependsOnTime = Array.Exists(items, item => item is TimeCondition);
    }

    /// <summary>No condition: always passes, without expiry.</summary>
    public static CompiledConditions None { get; } = new([]);

    /// <summary>How many conditions there are.</summary>
    public int Count => Items.Length;

    /// <summary>False: the outcome for one subject never changes.</summary>
    public bool DependsOnTime { get; }

    internal Condition[] Items { get; }
}
