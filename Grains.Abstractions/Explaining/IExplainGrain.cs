namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>Judges access as a flow request would, and tells how; keyed by the account. For operators.</summary>
[Alias("fz.IExplainGrain")]
public interface IExplainGrain : IGrainWithGuidKey
{
    /// <summary>Answers by this silo's view of the account; null if there is no such account.</summary>
    [ResponseTimeout("00:00:10"), Alias("Explain")]
    Task<AccessExplanation?> Explain(AccessQuestion question);
}
