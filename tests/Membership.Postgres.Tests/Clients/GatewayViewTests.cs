using System.Net;
using Firezone.Membership.Postgres.Clients;
using Firezone.Membership.Postgres.Table;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Clients;

public sealed class GatewayViewTests
{
    [Fact]
    public void Only_active_silos_are_handed_out_to_a_new_client()
    {
        var view = View("");
        view.Read(List(1, Row(1), Row(2, SiloStatus.ShuttingDown), Row(3, SiloStatus.Stopping)));
        Assert.Equal([1], HandOut(view));
    }

    [Fact]
    public void A_silo_that_leaves_stays_on_the_list_of_a_client_that_is_connected_to_it_until_it_is_dead()
    {
        var view = View("");
        view.Read(List(1, Row(1), Row(2)));
        Assert.Equal([1, 2], HandOut(view));
        view.SaidGoodbye(Silo(2));
        Assert.False(view.HasChanged);
        view.Read(List(2, Row(1), Row(2, SiloStatus.ShuttingDown)));
        Assert.Equal([1, 2], HandOut(view));
        view.Read(List(3, Row(1)));
        Assert.True(view.HasChanged);
        Assert.Equal([1], HandOut(view));
    }

    [Fact]
    public void A_silo_that_said_goodbye_is_not_given_to_a_client_that_did_not_use_it()
    {
        var view = View("");
        view.Read(List(1, Row(1), Row(2)));
        view.SaidGoodbye(Silo(2));
        Assert.Equal([1], HandOut(view));
    }

    [Fact]
    public void A_goodbye_of_an_unknown_silo_is_not_remembered()
    {
        var view = View("");
        view.Read(List(1, Row(1)));
        view.SaidGoodbye(Silo(2));
        view.Read(List(2, Row(1), Row(2)));
        Assert.Equal([1, 2], HandOut(view));
    }

    [Fact]
    public void An_older_read_that_arrives_late_changes_nothing()
    {
        var view = View("");
        view.Read(List(5, Row(1), Row(2)));
        view.Read(List(4, Row(1)));
        Assert.Equal([1, 2], HandOut(view));
        Assert.Equal(5, view.Version);
    }

    [Fact]
    public void Silos_of_the_own_region_are_preferred_and_others_fill_in_when_there_is_none()
    {
        var view = View("azure");
        view.Heard(Silo(1), "gcp");
        view.Heard(Silo(2), "azure");
        view.Read(List(1, Row(1), Row(2)));
        Assert.Equal([2], HandOut(view));
        view.Read(List(2, Row(1)));
        Assert.Equal([1], HandOut(view));
        view.Read(List(3, Row(1), Row(3)));
        view.Heard(Silo(3), "azure");
        Assert.Equal([3], HandOut(view));
    }

    [Fact]
    public void A_silo_started_again_at_the_same_address_is_told_apart_from_the_older_one()
    {
        var view = View("");
        view.Read(List(1, Row(1)));
        view.HandOut(out var reborn);
        Assert.False(reborn);
        view.Read(List(2));
        view.HandOut(out _);
        view.Read(List(3, Row(1, generation: 2)));
        view.HandOut(out reborn);
        Assert.True(reborn);
        view.HandOut(out reborn);
        Assert.False(reborn);
    }

    [Fact]
    public void A_silo_that_leaves_is_dropped_at_once_by_a_client_without_a_connection_to_it()
    {
        var view = new GatewayView("", _ => false);
        view.Read(List(1, Row(1), Row(2)));
        Assert.Equal([1, 2], HandOut(view));
        view.SaidGoodbye(Silo(2));
        Assert.True(view.HasChanged);
        Assert.Equal([1], HandOut(view));
    }

    private static GatewayView View(string region) => new(region, _ => true);

    private static int[] HandOut(GatewayView view) => [.. view.HandOut(out _).Select(gateway => gateway.Endpoint.Port - 30000).Order()];

    private static GatewayList List(int version, params GatewayEntry[] rows) => new(version, rows);

    private static GatewayEntry Row(int number, SiloStatus status = SiloStatus.Active, int generation = 1) => new(
        Silo(number, generation), status, SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 30000 + number), generation));

    private static SiloId Silo(int number, int generation = 1) =>
        SiloId.Of(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11000 + number), generation));
}
