using Microsoft.Extensions.Options;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>Refuses to start with settings that cannot work; each message names the key and the value.</summary>
internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var failures = new List<string>();
        Number(nameof(options.SessionDays), options.SessionDays, 1, 3_650);
        Number(nameof(options.AuditLogDays), options.AuditLogDays, 1, 36_500);
        Number(nameof(options.BatchRows), options.BatchRows, 1, 100_000);
        Number(nameof(options.BatchesPerRound), options.BatchesPerRound, 1, 1_000_000);
        Time(nameof(options.Interval), options.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Time(nameof(options.Pause), options.Pause, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Number(string key, int value, int min, int max)
        {
            if (value < min || value > max)
                failures.Add(FormattableString.Invariant($"{RetentionOptions.SectionName}:{key} is {value}; expected {min} to {max}."));
        }

        void Time(string key, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
                failures.Add($"{RetentionOptions.SectionName}:{key} is {value}; expected {min} to {max}.");
        }
    }
}
