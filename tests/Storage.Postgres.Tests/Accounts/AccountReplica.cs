using System.Text.Json;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Storage.Postgres.Tests.Accounts;

/// <summary>The rows of an account, kept up by changes alone.</summary>
internal sealed class AccountReplica
{
    private readonly SortedDictionary<Guid, object> _rows = [];
    private (string Slug, AccountConfig Config, bool Disabled) _account;

    public long Version { get; private set; }

    public static AccountReplica Of(AccountData data)
    {
        var replica = new AccountReplica { Version = data.Version, _account = (data.Slug, data.Config, data.Disabled) };
        foreach (var row in data.Sites)
            replica._rows[row.Id] = row;
        foreach (var row in data.Resources)
            replica._rows[row.Id] = row;
        foreach (var row in data.Groups)
            replica._rows[row.Id] = row;
        foreach (var row in data.Memberships)
            replica._rows[row.Id] = row;
        foreach (var row in data.Policies)
            replica._rows[row.Id] = row;
        return replica;
    }

    public void Apply(AccountChanges changes)
    {
        Assert.Equal(changes.Changes.Select(c => c.Version).Order(), changes.Changes.Select(c => c.Version));
        Version = changes.Version;
        foreach (var change in changes.Changes)
            Apply(change);
    }

    /// <summary>All content as text, to compare by.</summary>
    public override string ToString() => string.Join(
        '\n',
        _rows.Select(r => $"{r.Value.GetType().Name} {JsonSerializer.Serialize(r.Value)}").Prepend($"{Version} {JsonSerializer.Serialize(
            new { _account.Slug, _account.Config, _account.Disabled })}"));

    private void Apply(AccountChange change)
    {
        switch (change)
        {
            case AccountChange.AccountUpdated c:
                _account = (c.Slug, c.Config, c.Disabled);
                break;
            case AccountChange.SitePut c:
                _rows[c.Row.Id] = c.Row;
                break;
            case AccountChange.ResourcePut c:
                _rows[c.Row.Id] = c.Row;
                break;
            case AccountChange.GroupPut c:
                _rows[c.Row.Id] = c.Row;
                break;
            case AccountChange.MembershipPut c:
                _rows[c.Row.Id] = c.Row;
                break;
            case AccountChange.PolicyPut c:
                _rows[c.Row.Id] = c.Row;
                break;
            case AccountChange.SiteRemoved c:
                _rows.Remove(c.Id);
                break;
            case AccountChange.ResourceRemoved c:
                _rows.Remove(c.Id);
                break;
            case AccountChange.GroupRemoved c:
                _rows.Remove(c.Id);
                break;
            case AccountChange.MembershipRemoved c:
                Assert.Equal(_rows[c.Row.Id], c.Row);
                _rows.Remove(c.Row.Id);
                break;
            case AccountChange.PolicyRemoved c:
                _rows.Remove(c.Id);
                break;
        }
    }
}
