using System.Text;
using Firezone.Grains.Tests.Cluster;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>What happens to one account, step by step, with a comparison after each.</summary>
internal sealed class ModelRun
{
    /// <summary>After this long every view equals the model.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>How long a failing run is watched to tell what comes late from what does not come.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(20);

    private readonly SeededRandom _random;
    private readonly ModelPlan _plan;
    private readonly List<string> _steps = [];
    private AccountRows? _rows;
    private AccountRows? _beforeUnseen;
    private long _lastGrant;
    private bool _hasChanged;

    private ModelRun(ModelAccount account, SeededRandom random)
    {
        (Account, _random) = (account, random);
        _plan = new ModelPlan(random, account);
    }

    public ModelAccount Account { get; }

    /// <summary>Creates the account and connects everybody.</summary>
    public static async Task<ModelRun> StartAsync(GrainCluster cluster, NpgsqlDataSource sql, int seed)
    {
        var random = new SeededRandom(seed);
        var run = new ModelRun(await ModelAccount.CreateAsync(cluster, sql, random), random);
        run._rows = await run.Account.ReadAsync(0);
        await run.DoAsync(run._plan.First());
        return run;
    }

    /// <summary>Some steps.</summary>
    public async Task GoOnAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
            await DoAsync(_plan.Next(_rows!));
    }

    /// <summary>The account ends in one of four runs; then everybody closes.</summary>
    public async Task EndAsync()
    {
        if (_random.OneIn(4))
            await DoAsync(_plan.Last());
        await Task.WhenAll(Account.Sessions.Where(s => s.End is null).Select(s => s.LeaveAsync()));
    }

    /// <summary>Changes the configuration without looking at the sessions.</summary>
    public async Task ChangeAsync(int times)
    {
        _beforeUnseen ??= _rows;
        for (var i = 0; i < times; i++)
        {
            var step = new ModelStep();
            _plan.AddChanges(step, _rows!);
            Write(step);
            await Task.WhenAll(step.Acts.Select(act => act()));
            _rows = await Account.ReadAsync(_lastGrant);
        }
    }

    /// <summary>Waits until every view equals the model.</summary>
    public async Task SettleAsync()
    {
        Begin();
        // The answer to a flow that was granted before the changes may come only now, as in any step that changes something.
        await SettleAsync(new ModelStep { Changes = true }, _beforeUnseen, []);
        _beforeUnseen = null;
    }

    private async Task DoAsync(ModelStep step)
    {
        Write(step);
        Begin();
        (step.IsFirstChange, _hasChanged) = (!_hasChanged, step.Changes);
        step.IsUndisturbed = Account.Gateways.All(g => g.Open is not { Unanswered.IsEmpty: false });
        var held = Account.Gateways.ToDictionary(g => g, g => new Comparison.Holding(g.Held, [.. g.Held.Keys], g.Open));
        var acts = Task.WhenAll(step.Acts.Select(act => Task.Run(act)));
        while (!acts.IsCompleted)
        {
            await PumpAsync(resume: !step.ResumesLate);
            await Task.WhenAny(acts, Task.Delay(2));
        }

        await acts;
        await SettleAsync(step, _rows, held);
    }

    private async Task SettleAsync(ModelStep step, AccountRows? before, Dictionary<GatewayDevice, Comparison.Holding> held)
    {
        await using var watched = new WatchedSpan();
        IReadOnlyList<string>? late = null;
        for (var isMarked = false; ;)
        {
            await PumpAsync(resume: true);
            if (!isMarked)
                _rows = await Account.ReadAsync(_lastGrant);
            var differences = await new Comparison(Account, step, before, held).FindAsync(_rows);
            if (differences.Count == 0 && isMarked)
                break;
            if (differences.Count > 0 && watched.Elapsed > Limit)
                late ??= differences;
            if (differences.Count > 0 && watched.Elapsed > Watch)
                throw new Xunit.Sdk.XunitException(Describe(differences, "and for longer"));
            if (differences.Count > 0)
                await Task.Delay(4);
            else
                await Task.WhenAll(Account.Sessions.Where(s => s.End is null).Select(s => s.MarkAsync()));
            isMarked = differences.Count == 0;
        }

        if (late is not null)
            throw new Xunit.Sdk.XunitException(Describe(late, $"and equal after {watched.Elapsed.TotalSeconds:F1} s"));
        _lastGrant = _rows?.Grants.LastOrDefault()?.Id ?? _lastGrant;
    }

    /// <summary>Everybody reads what has come; gateways acknowledge, lost sessions are attached again.</summary>
    private async Task PumpAsync(bool resume)
    {
        var work = new List<Task>();
        foreach (var session in Account.Sessions)
        {
            session.Drain();
            if (resume && session.IsLost && session.End is null)
                work.Add(session.AttachAsync(resume: true));
        }

        foreach (var gateway in Account.Gateways)
        {
            while (!gateway.IsSlow && gateway.Open is { } session && session.Unanswered.TryDequeue(out var flowRef))
                work.Add(session.AcknowledgeAsync(flowRef));
        }

        await Task.WhenAll(work);
    }

    private void Begin()
    {
        foreach (var client in Account.Clients)
        {
            client.BeginStep();
            client.Open?.BeginStep();
        }

        foreach (var gateway in Account.Gateways)
            gateway.BeginStep();
    }

    private void Write(ModelStep step) => _steps.Add(string.Join("\n      at once: ", step.Texts));

    /// <summary>The steps so far.</summary>
    public string Steps() => string.Join('\n', ["Steps:", .. _steps.Select((step, i) => $"  {i}. {step}")]);

    private string Describe(IReadOnlyList<string> differences, string andThen)
    {
        var text = new StringBuilder();
        text.AppendLine($"Different for {Limit.TotalSeconds} s {andThen}, in account {Account.Id}, version {_rows?.Version}:");
        foreach (var difference in differences)
            text.AppendLine($"  {difference}");
        text.AppendLine(Steps());
        foreach (var session in Account.Sessions.Where(s => differences.Any(d => d.Contains(s.Name, StringComparison.Ordinal))))
            text.AppendLine($"  {session.Tail()}");
        foreach (var gateway in Account.Gateways)
            text.AppendLine($"  {gateway.Name} {gateway.Open?.Ticket.GatewayId} serves {string.Join(", ", gateway.Held)}");
        foreach (var row in _rows?.Authorizations ?? [])
            text.AppendLine($"  {row}");
        return text.ToString();
    }
}
