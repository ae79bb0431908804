using Firezone.Membership.Postgres.Detection;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>One line per change of what the detector believes.</summary>
internal sealed partial class DetectorLog(ILogger logger)
{
    internal void Write(DetectorAction.Note note)
    {
        switch (note)
        {
            case DetectorAction.Note.Sighted:
                Sighted();
                break;
            case DetectorAction.Note.WentBlind blind:
                WentBlind(blind.ListenIsUp ? "own heartbeats do not come back" : "the LISTEN session is down");
                break;
            case DetectorAction.Note.Suspected suspected:
                Suspected(suspected.Silo, suspected.Cause);
                break;
            case DetectorAction.Note.Vouched vouched:
                Vouched(vouched.Silo, vouched.To?.Value ?? "this silo");
                break;
            case DetectorAction.Note.NoSecondOpinion alone:
                NoSecondOpinion(alone.Silo);
                break;
            case DetectorAction.Note.Cleared cleared:
                Cleared(cleared.Silo, cleared.End, cleared.After.TotalMilliseconds);
                break;
            case DetectorAction.Note.Leaving leaving:
                Leaving(leaving.Silo);
                break;
        }
    }

    internal void Dead(DetectorAction.DeclareDead declared) => Declared(declared.Silo, declared.Cause, declared.SinceEvidence.TotalMilliseconds);

    [LoggerMessage(EventId = 7211, Level = LogLevel.Information, Message = "This silo hears the cluster's signals")]
    private partial void Sighted();

    [LoggerMessage(EventId = 7212, Level = LogLevel.Warning, Message = "This silo does not hear the cluster's signals and judges nobody: {Reason}")]
    private partial void WentBlind(string reason);

    [LoggerMessage(EventId = 7213, Level = LogLevel.Warning, Message = "Silo {Silo} is suspected: {Cause}")]
    private partial void Suspected(SiloId silo, SuspicionCause cause);

    [LoggerMessage(EventId = 7214, Level = LogLevel.Warning, Message = "Silo {Silo} sends no heartbeats but answers {To}; it stays")]
    private partial void Vouched(SiloId silo, string to);

    [LoggerMessage(EventId = 7215, Level = LogLevel.Warning, Message = "Neither silo {Silo} nor any silo that could be asked about it can be reached from here")]
    private partial void NoSecondOpinion(SiloId silo);

    [LoggerMessage(EventId = 7216, Level = LogLevel.Information, Message = "The suspicion of silo {Silo} is over: {End}, after {Milliseconds:F0} ms")]
    private partial void Cleared(SiloId silo, SuspicionEnd end, double milliseconds);

    [LoggerMessage(EventId = 7217, Level = LogLevel.Information, Message = "Silo {Silo} says goodbye")]
    private partial void Leaving(SiloId silo);

    [LoggerMessage(EventId = 7218, Level = LogLevel.Warning,
        Message = "Silo {Silo} is dead: {Cause}, found {Milliseconds:F0} ms after the first evidence")]
    private partial void Declared(SiloId silo, SuspicionCause cause, double milliseconds);
}
