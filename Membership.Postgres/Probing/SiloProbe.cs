using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Probing;

/// <summary>The answering end. Calls interleave; nothing is held between them.</summary>
internal sealed class SiloProbe : GrainService, ISiloProbe
{
    private readonly SiloProber _prober;

    public SiloProbe(GrainId id, Silo silo, ILoggerFactory loggers, IServiceProvider services)
        : base(id, silo, loggers) => _prober = services.GetRequiredService<SiloProber>();

    public Task AnswerAsync() => Task.CompletedTask;

    public async Task<int> ProbeAsync(string silo) =>
        SiloId.TryParse(silo, out var target) ? (int)await _prober.ProbeAsync(target, CancellationToken.None) : -1;
}
