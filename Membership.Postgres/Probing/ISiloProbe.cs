using Orleans.Services;

namespace Firezone.Membership.Postgres.Probing;

/// <summary>Runs on every silo of this provider and answers as long as the silo can answer Orleans calls at all.</summary>
[Alias("orleans.postgres.probe")]
internal interface ISiloProbe : IGrainService
{
    /// <summary>Returns at once.</summary>
    [Alias("answer")]
    Task AnswerAsync();

    /// <summary>Probes another silo from here: the second opinion. Takes up to the probe limit of this silo.</summary>
    /// <param name="silo">Text of a <see cref="SiloId"/>.</param>
    /// <returns>A <see cref="Detection.ProbeOutcome"/> as a number, or -1 for a text that names no silo.</returns>
    [Alias("probe")]
    Task<int> ProbeAsync(string silo);
}
