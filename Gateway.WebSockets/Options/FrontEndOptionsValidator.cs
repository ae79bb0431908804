using Firezone.Gateway.WebSockets.RemoteAddresses;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Options;

/// <summary>Refuses to start with settings that cannot work; each message names the key and the value.</summary>
public sealed class FrontEndOptionsValidator : IValidateOptions<FrontEndOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, FrontEndOptions options)
    {
        var failures = new List<string>();

        if (options.BasePath.Length > 0 && (options.BasePath[0] != '/' || options.BasePath.AsSpan().ContainsAny("{}?#* ")))
            failures.Add($"FrontEnd:BasePath is '{options.BasePath}'; expected a plain path that begins with '/', or nothing.");

        Range("HealthPort", options.HealthPort, 0, 65535);
        Range("MaxSessions", options.MaxSessions, 1, 10_000_000);
        Range("MaxSessionsPerAddress", options.SessionsPerAddress, 1, 10_000_000);
        Range("MessageRate:PerSecond", options.MessageRate.PerSecond, 1, 1_000_000);
        Range("MessageRate:Burst", options.MessageRate.Burst, 1, 1_000_000);
        Range("MessageRate:GatewayPerSecond", options.MessageRate.GatewayPerSecond, 1, 1_000_000);
        Range("MessageRate:GatewayBurst", options.MessageRate.GatewayBurst, 1, 1_000_000);
        Range("Admission:MaxUnderWay", options.Admission.MaxUnderWay, 1, 100_000);
        Range("Admission:MinUnderWay", options.Admission.MinUnderWay, 1, Math.Max(1, options.Admission.MaxUnderWay));
        Range("Admission:MaxPerSecond", options.Admission.MaxPerSecond, 1, 1_000_000);
        Range("Admission:MaxRetryAfter", options.Admission.MaxRetryAfter, 5, 300);
        Range("MaxFrameBytes", options.MaxFrameBytes, 1024, 16 * 1024 * 1024);
        Range("MaxFrameDepth", options.MaxFrameDepth, 4, 512);
        Range("MaxOutstandingCalls", options.MaxOutstandingCalls, 1, 10_000);
        Range("MaxConcurrentReattaches", options.MaxConcurrentReattaches, 1, 10_000);
        Range("DrainSeconds", options.DrainSeconds, 0, 300);
        Range("DrainPerSecond", options.DrainPerSecond, 1, 1_000_000);
        Range("DrainMaxSeconds", options.DrainMaxSeconds, 0, 3600);
        Range("Outbox:MaxFrames", options.Outbox.MaxFrames, 4, 1_000_000);
        Range("Outbox:MaxBytes", options.Outbox.MaxBytes, 64 * 1024, 1024 * 1024 * 1024);
        Range("ConnectRate:Capacity", options.ConnectRate.Capacity, 1, 1_000_000);
        Range("ConnectRate:RefillPerSecond", options.ConnectRate.RefillPerSecond, 0.001, 1_000_000);

        Positive("Admission:TargetLatency", options.Admission.TargetLatency);
        Positive("ConnectRate:AnswerTimeout", options.ConnectRate.AnswerTimeout);
        Positive("HandshakeTimeout", options.HandshakeTimeout);
        Positive("IdleTimeout:Client", options.IdleTimeout.Client);
        Positive("IdleTimeout:Gateway", options.IdleTimeout.Gateway);
        Positive("IdleTimeout:Relay", options.IdleTimeout.Relay);
        Positive("JoinTimeout", options.JoinTimeout);
        Positive("SendTimeout", options.SendTimeout);
        Positive("CloseTimeout", options.CloseTimeout);
        Positive("AdmissionTimeout", options.AdmissionTimeout);
        Positive("AttachTimeout", options.AttachTimeout);
        Positive("CallTimeout", options.CallTimeout);

        Ranges("TrustedProxies", options.TrustedProxies);
        Ranges("PrivateClients", options.PrivateClients);

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Range(string key, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
                failures.Add(FormattableString.Invariant($"FrontEnd:{key} is {value}; expected {min} to {max}."));
        }

        void Positive(string key, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                failures.Add($"FrontEnd:{key} is {value}; expected more than 0 and at most a day.");
        }

        void Ranges(string key, string[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (!AddressRanges.TryParseRange(values[i], out _))
                    failures.Add($"FrontEnd:{key}:{i} is '{values[i]}'; expected an IP address or a CIDR range.");
            }
        }
    }
}
