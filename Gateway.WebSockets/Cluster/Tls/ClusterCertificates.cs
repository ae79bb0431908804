namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>
/// Keeps the certificate that new connections use. The files are looked at again and again rather than watched: how an orchestrator swaps
/// links in a mounted folder is not seen by watchers everywhere.
/// </summary>
internal sealed partial class ClusterCertificates : BackgroundService
{
    private readonly TlsOptions _options;
    private readonly IReadOnlyList<string> _usages;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterCertificates> _logger;
    private TlsFiles _files;
    private volatile ClusterCertificate _current;
    private string? _problem;
    private bool _isTold;
    private ClusterCertificate? _ending;

    /// <param name="options">With files.</param>
    /// <param name="usages">What the certificate has to be good for.</param>
    /// <param name="time">Validity is judged by it.</param>
    /// <param name="logger">One line per change.</param>
    /// <exception cref="TlsConfigurationException">The files cannot be used as they are now.</exception>
    internal ClusterCertificates(TlsOptions options, IReadOnlyList<string> usages, TimeProvider time, ILogger<ClusterCertificates> logger)
    {
        (_options, _usages, _time, _logger) = (options, usages, time, logger);
        _files = TlsFiles.Read(options);
        _current = ClusterCertificate.Load(options, _files, usages, time.GetUtcNow());
    }

    internal ClusterCertificate Current => _current;

    /// <summary>Looks at the files once.</summary>
    internal void Look()
    {
        try
        {
            var files = TlsFiles.Read(_options);
            if (files != _files)
            {
                _current = ClusterCertificate.Load(_options, files, _usages, _time.GetUtcNow());
                _files = files;
                InUse(_current.Thumbprint, _current.NotAfter);
            }

            (_problem, _isTold) = (null, false);
        }
        catch (TlsConfigurationException e)
        {
            Keep(e.Message);
        }

        TellOfEnd();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        InUse(_current.Thumbprint, _current.NotAfter);
        TellOfEnd();
        using var timer = new PeriodicTimer(_options.ReloadInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    // Files are replaced one after the other: only what is still so at the next look is worth a line.
    private void Keep(string problem)
    {
        if (problem != _problem)
        {
            (_problem, _isTold) = (problem, false);
        }
        else if (!_isTold)
        {
            _isTold = true;
            NotUsable(problem, _current.NotAfter);
        }
    }

    // Whoever renews certificates does so long before the last tenth of their time.
    private void TellOfEnd()
    {
        var current = _current;
        var left = current.NotAfter - _time.GetUtcNow();
        if (ReferenceEquals(_ending, current) || left > (current.NotAfter - current.NotBefore) / 10)
            return;
        _ending = current;
        Ends(current.Thumbprint, current.NotAfter);
    }

    [LoggerMessage(1251, LogLevel.Information, "New connections to silos use certificate {Thumbprint}, valid until {End:u}")]
    private partial void InUse(string thumbprint, DateTimeOffset end);

    [LoggerMessage(1252, LogLevel.Warning, "The certificate that is valid until {End:u} stays in use, as the new files cannot be: {Problem}")]
    private partial void NotUsable(string problem, DateTimeOffset end);

    [LoggerMessage(1253, LogLevel.Warning,
        "Certificate {Thumbprint} has not been renewed yet and ends at {End:u}; peers refuse new connections then")]
    private partial void Ends(string thumbprint, DateTimeOffset end);
}
