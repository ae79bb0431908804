using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Shared;
using Firezone.Shared.Certificates;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

/// <summary>Files that change while a process runs.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly CertificateFolder _folder;
    private readonly WatchedTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly LineLogger<ClusterCertificates> _log = new();
    private readonly ClusterCertificates _certificates;

    public RotationTests()
    {
        _folder = new CertificateFolder(_authority.Issue(), _authority.Pem);
        var options = new TlsOptions { Certificate = _folder.Certificate, Key = _folder.Key, Authority = _folder.Authority, PeerName = "firezone" };
        _certificates = new ClusterCertificates(options, [PeerPolicy.ServerUsage, PeerPolicy.ClientUsage], _time, _log);
    }

    [Fact]
    public void A_new_certificate_is_used_and_told_of_once()
    {
        var first = _certificates.Current;
        _certificates.Look();
        Assert.Same(first, _certificates.Current);
        Assert.Empty(_log.Lines);

        _folder.Put(_authority.Issue(to: _time.GetUtcNow().AddDays(3)), _authority.Pem);
        _certificates.Look();
        _certificates.Look();
        Assert.Equal(_time.GetUtcNow().AddDays(3), _certificates.Current.NotAfter, TimeSpan.FromSeconds(1));
        Assert.Equal([1251], _log.Events);
    }

    [Fact]
    public void New_authorities_count_too()
    {
        using var other = new TestAuthority();
        _folder.Put(_authority.Issue(), _authority.Pem + other.Pem);
        _certificates.Look();
        Assert.Equal(2, _certificates.Current.Authority.Count);
    }

    [Fact]
    public void Files_that_cannot_be_used_leave_the_old_ones_in_use_and_are_told_of_once_when_they_have_stayed()
    {
        var first = _certificates.Current;
        _folder.Put(_authority.Issue("other"), _authority.Pem);
        _certificates.Look();
        // The next file may be on its way.
        Assert.Empty(_log.Lines);
        _certificates.Look();
        _certificates.Look();
        _certificates.Look();
        Assert.Same(first, _certificates.Current);
        Assert.Equal([1252], _log.Events);
        Assert.Contains("Tls:PeerName", _log.Lines.Single(), StringComparison.Ordinal);

        _folder.Put(_authority.Issue("third"), _authority.Pem);
        _certificates.Look();
        _certificates.Look();
        Assert.Equal([1252, 1252], _log.Events);

        _folder.Put(_authority.Issue(), _authority.Pem);
        _certificates.Look();
        Assert.NotSame(first, _certificates.Current);
        Assert.Equal([1252, 1252, 1251], _log.Events);
    }

    [Fact]
    public void Files_that_are_replaced_one_after_the_other_are_not_worth_a_line()
    {
        var (now, next) = (_authority.Issue(), _authority.Issue());
        _folder.Put(now, _authority.Pem);
        _certificates.Look();
        _folder.Put(next with { KeyPem = now.KeyPem }, _authority.Pem);
        _certificates.Look();
        _folder.Put(next, _authority.Pem);
        _certificates.Look();
        Assert.Equal([1251, 1251], _log.Events);
    }

    [Fact]
    public void A_certificate_that_nobody_renews_is_told_of_once_in_its_last_tenth()
    {
        _time.Advance(TimeSpan.FromHours(21));
        _certificates.Look();
        Assert.Empty(_log.Lines);
        _time.Advance(TimeSpan.FromHours(1));
        _certificates.Look();
        _certificates.Look();
        Assert.Equal([1253], _log.Events);
    }

    [Fact]
    public async Task The_files_are_looked_at_by_themselves()
    {
        var first = _certificates.Current;
        await _certificates.StartAsync(CancellationToken.None);
        _folder.Put(_authority.Issue(), _authority.Pem);
        await _time.WaitedAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (ReferenceEquals(first, _certificates.Current))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await _certificates.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
        _authority.Dispose();
    }
}
