using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Grains.Sessions;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Changes;

/// <summary>
/// Hears of changed accounts by notification, and looks for itself twice a second in case one was lost; asks the database about relays'
/// tokens, which belong to no account, and about doubtful sessions.
/// </summary>
public sealed partial class ChangeWatch(
    AccountChangeListener listener,
    AccountChangePoll poll,
    CredentialReader credentials,
    AccountSnapshots accounts,
    ChangeDispatcher dispatcher,
    DoubtfulSessions doubtful,
    LocalSessions sessions,
    GrainsMetrics metrics,
    TimeProvider time,
    ILogger<ChangeWatch> logger) : BackgroundService
{
    /// <summary>A lost notification is made up for within this time.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <summary>With its jitter, short enough that every view is right 5 s after the database has come back.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    /// <summary>Credentials in one statement.</summary>
    private const int Portion = 1_000;

    private bool _hasMark;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var heard = listener.Subscribe(accounts.Announce);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                if (failures > 0)
                    LogLooking();
                failures = 0;
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                metrics.LookFailed();
                if (failures++ == 0)
                    LogBlind(e);
            }
            catch (Exception)
            {
                return;
            }

            await PauseAsync(failures, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        // The first look only sets a mark; what was read before it may have changed before it.
        if (await poll.NextAsync(ct) is { } changed && _hasMark)
        {
            foreach (var (account, version) in changed)
                accounts.Announce(account, version);
        }
        else
        {
            accounts.RefreshAll();
        }

        _hasMark = true;
        dispatcher.Repeat();
        var asked = doubtful.TakeAll();
        try
        {
            await CheckAsync([.. sessions.Relays(), .. asked], ct);
        }
        catch
        {
            doubtful.Add(asked);
            throw;
        }
    }

    private async Task CheckAsync(LocalSession[] asked, CancellationToken ct)
    {
        foreach (var portion in asked.Where(sessions.Contains).Chunk(Portion))
        {
            var checks = await credentials.CheckAsync([.. portion.Select(Credential)], ct);
            for (var i = 0; i < portion.Length; i++)
            {
                if (checks[i].State is not CredentialState.Valid)
                    dispatcher.Revoke([portion[i]], checks[i].State is CredentialState.DeviceGone ? CloseReason.DeviceDeleted : CloseReason.TokenRevoked);
                else if (portion[i].Kind is SessionKind.Client)
                    _ = portion[i].Grain.OnVerification(checks[i].Verified);
            }
        }
    }

    private static Credential Credential(LocalSession session) => session.Kind switch
    {
        SessionKind.Client => new(TokenKind.Client, session.Owner.TokenId, session.GrainKey),
        SessionKind.Gateway => new(TokenKind.Gateway, session.Owner.TokenId, session.GrainKey),
        _ => new(TokenKind.Relay, session.Owner.TokenId, null),
    };

    // Doubt ends the pause; a database that does not answer is asked less often, and by the silos not in step.
    private async Task PauseAsync(int failures, CancellationToken ct)
    {
        var pause = failures == 0 ? Pace : Pace * Math.Min(1 << Math.Min(failures, 6), MaxPause / Pace) * (0.5 + Random.Shared.NextDouble());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var delay = Task.Delay(pause, time, ended.Token);
        await (failures == 0 ? Task.WhenAny(delay, doubtful.Some) : Task.WhenAny(delay));
        await ended.CancelAsync();
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Warning, Message = "Cannot look for changes that were not announced; trying again")]
    private partial void LogBlind(Exception exception);

    [LoggerMessage(EventId = 3113, Level = LogLevel.Information, Message = "Looking for unannounced changes again")]
    private partial void LogLooking();
}
