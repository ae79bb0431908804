namespace Firezone.Grains.Tests.Model;

/// <summary>Chooses what happens next.</summary>
internal sealed class ModelPlan(SeededRandom random, ModelAccount account)
{
    private static readonly string[] Addresses = ["203.0.113.7", "203.0.113.99", "198.51.100.9", "192.0.2.33"];

    /// <summary>Everybody connects.</summary>
    public ModelStep First()
    {
        var step = new ModelStep();
        foreach (var gateway in account.Gateways)
            step.Connect($"{gateway.Name} connects", gateway.ConnectAsync);
        foreach (var client in account.Clients)
            step.Connect($"{client.Name} connects", client.ConnectAsync);
        return step;
    }

    /// <summary>The account ends, one way or the other.</summary>
    public ModelStep Last()
    {
        var step = new ModelStep();
        step.Change(
            random.OneIn(2)
                ? $"delete from accounts where id = '{account.Id}';"
                : $"update accounts set disabled_at = now() where id = '{account.Id}';",
            account);
        return step;
    }

    public ModelStep Next(AccountRows rows)
    {
        foreach (var gateway in account.Gateways)
            gateway.IsSlow = random.OneIn(12);
        ModelStep step;
        switch (random.Next(12))
        {
            case < 3:
                step = new ModelStep();
                AddChanges(step, rows);
                break;
            case < 7:
                step = new ModelStep { ResumesLate = random.OneIn(2) };
                AddChanges(step, rows);
                AddDevices(step, rows, 1 + random.Next(4));
                break;
            case < 8 when new Changes(random, account, rows).NextOfOnePolicy() is var (policyId, sql):
                step = new ModelStep { OnlyPolicy = policyId };
                step.Change(sql, account);
                break;
            case < 10:
                step = new ModelStep();
                foreach (var client in random.Some(account.Clients))
                    Ask(step, client, rows);
                break;
            default:
                step = new ModelStep();
                AddDevices(step, rows, 1 + random.Next(3));
                break;
        }

        return step;
    }

    /// <summary>One change, some in one transaction, or several transactions at once.</summary>
    public void AddChanges(ModelStep step, AccountRows rows)
    {
        var changes = new Changes(random, account, rows);
        for (var transactions = random.Of(1, 1, 1, 2, 3); transactions > 0; transactions--)
        {
            var statements = Enumerable.Range(0, random.Of(1, 1, 1, 2, 4)).Select(_ => random.OneIn(12) ? changes.NextOverAll() : changes.Next());
            step.Change(string.Join('\n', statements), account);
        }
    }

    private void AddDevices(ModelStep step, AccountRows rows, int count)
    {
        foreach (var client in account.Clients.Where(_ => random.OneIn(3)).Take(count).ToList())
            Add(step, client, rows);
        foreach (var gateway in account.Gateways.Where(_ => random.OneIn(4)).Take(1).ToList())
            Add(step, gateway, rows);
    }

    private void Add(ModelStep step, ClientDevice client, AccountRows rows)
    {
        if (client.Open is not { } session)
        {
            var signIn = rows.ClientTokens.Any(t => t.Id == client.Token.Id) ? null : account.SignIn(client, rows);
            step.Connect($"{client.Name} {(signIn is null ? "" : "signs in and ")}connects", async () =>
            {
                if (signIn is not null)
                    await signIn();
                await client.ConnectAsync();
            });
            return;
        }

        switch (random.Next(16))
        {
            case < 8:
                Ask(step, client, rows);
                break;
            case 8:
                step.Connect($"{client.Name} connects again", client.ConnectAsync);
                break;
            case 9:
                client.Ip = random.Of(Addresses);
                step.Connect($"{client.Name} connects again from {client.Ip}", () => ReconnectAsync(session, client.ConnectAsync));
                break;
            case 10:
                client.Serial = $"S{random.Next(100)}";
                step.Connect($"{client.Name} connects again on other hardware", () => ReconnectAsync(session, client.ConnectAsync));
                break;
            case 11:
                step.Connect($"{client.Name} leaves", session.LeaveAsync);
                break;
            case 12:
                step.Connect($"{client.Name} connects twice", () => Task.WhenAll(client.ConnectAsync(), client.ConnectAsync()));
                break;
            case 13:
                step.Connect($"{client.Name} is attached again", () => session.AttachAsync(resume: true));
                break;
            default:
                step.Connect($"{client.Name} loses its grain", session.LoseAsync);
                break;
        }
    }

    private void Add(ModelStep step, GatewayDevice gateway, AccountRows rows)
    {
        if (gateway.Open is not { } session)
        {
            var site = rows.GatewayTokens.Any(t => t.Id == gateway.Token.Id) ? null : random.OfAny(rows.Sites);
            step.Connect($"{gateway.Name} connects{(site is null ? "" : " with a new token")}", async () =>
            {
                if (site is not null)
                {
                    await account.JoinAsync(gateway, site.Id);
                    gateway.Restart();
                }

                await gateway.ConnectAsync();
            });
            return;
        }

        switch (random.Next(6))
        {
            case 0:
                step.Connect($"{gateway.Name} starts anew", async () =>
                {
                    await session.LeaveAsync();
                    gateway.Restart();
                    await gateway.ConnectAsync();
                });
                break;
            case 1:
                step.Connect($"{gateway.Name} leaves", session.LeaveAsync);
                break;
            case 2:
                step.Connect($"{gateway.Name} connects again", gateway.ConnectAsync);
                break;
            case 3:
                step.Connect($"{gateway.Name} is attached again", () => session.AttachAsync(resume: true));
                break;
            default:
                step.Connect($"{gateway.Name} loses its grain", session.LoseAsync);
                break;
        }
    }

    private void Ask(ModelStep step, ClientDevice client, AccountRows rows)
    {
        if (client.Open is not { } session)
            return;
        var connectable = session.Resources.Keys.Order().ToList();
        var resource = random.OneIn(6) || connectable.Count == 0
            ? random.OfAny(rows.Resources)?.Id ?? random.Guid()
            : random.Of(connectable);
        var connected = random.Some(account.Gateways.Where(g => g.Open is not null)).Select(g => g.Open!.Ticket.GatewayId).ToArray();
        step.Ask(new ModelStep.Flow(session, resource, connected));
    }

    private static async Task ReconnectAsync(ClientSession before, Func<Task> connect)
    {
        await before.LeaveAsync();
        await connect();
    }
}
