using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Addressing;

namespace Firezone.Edge.Tests.PortalClient.Addressing;

public sealed class PortalAddressTests
{
    [Theory]
    [InlineData("wss://api.example.com", "wss://api.example.com:443/client/websocket")]
    [InlineData("https://api.example.com/", "wss://api.example.com:443/client/websocket")]
    [InlineData("ws://api.example.com", "ws://api.example.com:443/client/websocket")]
    [InlineData("http://api.example.com:80", "ws://api.example.com/client/websocket")]
    [InlineData("ws://127.0.0.1:8081/base/path/", "ws://127.0.0.1:8081/base/path/client/websocket")]
    [InlineData("ws://[::1]", "ws://[::1]:443/client/websocket")]
    [InlineData("ws://[::1]:8081?x", "ws://[::1]:8081/client/websocket")]
    public void A_url_leads_to_the_socket_of_the_role(string url, string expected) =>
        Assert.Equal(new Uri(expected), PortalAddress.Parse(url).For(PortalRole.Client, []));

    [Theory]
    [InlineData("ftp://api.example.com")]
    [InlineData("api.example.com")]
    [InlineData("wss://")]
    [InlineData("")]
    public void An_unusable_url_is_refused(string url) => Assert.Throws<FormatException>(() => PortalAddress.Parse(url));

    [Fact]
    public void Parameters_are_escaped_and_nulls_left_out()
    {
        var url = PortalAddress.Parse("wss://h").For(
            PortalRole.Gateway,
            new Dictionary<string, string?> { ["a"] = "1+1&2 ü", ["b"] = null, ["c"] = "" });

        Assert.Equal("/gateway/websocket?a=1%2B1%262%20%C3%BC&c=", url.PathAndQuery);
    }

    [Fact]
    public void A_device_id_that_is_a_uuid_is_hashed_as_it_is_written()
    {
        Assert.Equal(
            "12b9377cbe7e5c94e8a70d9d23929523d14afa954793130f8a3959c7b849aca8",
            DeviceIdentity.ExternalId("00000000-0000-0000-0000-000000000000"));
        Assert.NotEqual(DeviceIdentity.ExternalId("4C4C4544-0042-4A10-8052-B5C04F564432"),
            DeviceIdentity.ExternalId("4c4c4544-0042-4a10-8052-b5c04f564432"));
        Assert.Equal("my-device", DeviceIdentity.ExternalId("my-device"));
    }

    [Fact]
    public void White_space_in_a_token_and_foreign_letters_in_a_user_agent_are_dropped()
    {
        Assert.Equal("abc", DeviceIdentity.CleanToken(" a\r\nb\tc\n"));
        Assert.Equal("Linx/1 gateway/1.5.0", DeviceIdentity.CleanUserAgent("Linüx/1 gateway/1.5.0\n"));
    }
}
