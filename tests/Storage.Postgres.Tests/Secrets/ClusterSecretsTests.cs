using Firezone.Shared;
using Firezone.Storage.Postgres.Secrets;

namespace Firezone.Storage.Postgres.Tests.Secrets;

public sealed class ClusterSecretsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task All_who_ask_at_once_get_the_same_secret_and_another_name_has_another()
    {
        var secrets = new ClusterSecrets(postgres.Database);
        var same = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => secrets.GetOrCreateAsync("a", CancellationToken.None)));
        Assert.Single(same.Select(Convert.ToHexString).Distinct());
        Assert.Equal(32, same[0].Length);
        Assert.NotEqual(same[0], await secrets.GetOrCreateAsync("b", CancellationToken.None));
    }
}
