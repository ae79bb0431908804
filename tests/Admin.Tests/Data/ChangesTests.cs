using System.Net;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Data;

/// <summary>With a trigger that makes the first inserts of a site fail; hence a database of its own.</summary>
public sealed class ChangesTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Theory]
    [InlineData("40P01", 3, HttpStatusCode.Created)]
    [InlineData("40001", 3, HttpStatusCode.Created)]
    [InlineData("40P01", 50, HttpStatusCode.ServiceUnavailable)]
    public async Task A_change_is_repeated_a_few_times_when_it_collides_with_another(string state, int failures, HttpStatusCode expected)
    {
        var ada = await fixture.Host.AccountAsync();
        await fixture.Postgres.ExecuteAsync(
            $"""
            drop trigger if exists colliding on sites;
            drop sequence if exists collisions;
            create sequence collisions;
            create or replace function collide() returns trigger language plpgsql as $$
            begin
                if nextval('collisions') <= {failures} then
                    raise exception 'collision' using errcode = '{state}';
                end if;
                return new;
            end $$;
            create trigger colliding before insert on sites for each row execute function collide();
            """);
        Assert.Equal(expected, (await ada.PostAsync("/v1/sites", new { name = "A" }, "key")).Status);
        var lines = await fixture.Postgres.ScalarAsync<long>("select count(*) from audit_log where account_id = $1", ada.AccountId);
        Assert.Equal(expected == HttpStatusCode.Created ? 1 : 0, lines);
    }
}
