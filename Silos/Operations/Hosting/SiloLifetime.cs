namespace Firezone.Silos.Operations.Hosting;

/// <summary>Starts and stops when told to, whatever signals the process gets.</summary>
internal sealed class SiloLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
