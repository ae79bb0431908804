using Microsoft.Extensions.Options;

namespace Firezone.Admin.Hosting;

/// <summary>Refuses to start with settings that cannot work; each message names the key and the value.</summary>
public sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            failures.Add($"Admin:Url is '{options.Url}'; expected http://address:port, or nothing.");
        Range("MaxDatabaseConnections", options.MaxDatabaseConnections, 2, 1000);
        Range("RateLimit:Cost", options.RateLimit.Cost, 0, 1_000_000);
        Range("RateLimit:Capacity", options.RateLimit.Capacity, Math.Max(1, options.RateLimit.Cost), 1_000_000);
        Range("RateLimit:RefillPerSecond", options.RateLimit.RefillPerSecond, 0.001, 1_000_000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Range(string key, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
                failures.Add(FormattableString.Invariant($"Admin:{key} is {value}; expected {min} to {max}."));
        }
    }
}
