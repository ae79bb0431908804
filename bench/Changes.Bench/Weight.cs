namespace Firezone.Changes.Bench;

/// <summary>Bytes of a process.</summary>
internal readonly record struct Weight(long Managed, long Resident)
{
    public static Weight operator -(Weight a, Weight b) => new(a.Managed - b.Managed, a.Resident - b.Resident);
}
