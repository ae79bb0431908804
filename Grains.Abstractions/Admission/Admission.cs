namespace Firezone.Grains.Abstractions.Admission;

/// <summary>Either a ticket or a refusal.</summary>
/// <param name="Ticket">Set exactly when <paramref name="Refusal"/> is <see cref="Refusal.None"/>.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Detail">A sentence for the refusal's <c>detail</c>, or null for the default one.</param>
[GenerateSerializer, Immutable, Alias("fz.Admission`1")]
public sealed record Admission<TTicket>(
    [property: Id(0)] TTicket? Ticket,
    [property: Id(1)] Refusal Refusal,
    [property: Id(2)] string? Detail)
    where TTicket : class
{
    /// <summary>The connect is admitted.</summary>
    public static Admission<TTicket> Admitted(TTicket ticket) => new(ticket, Refusal.None, null);

    /// <summary>The connect is refused.</summary>
    public static Admission<TTicket> Refused(Refusal refusal, string? detail = null) => new(null, refusal, detail);
}
