using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Tests.Support;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Tests.Hosting;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new FrontEndOptionsValidator().Validate(null, new FrontEndOptions()).Succeeded);

    [Theory]
    [InlineData("FrontEnd:TrustedProxies:0", "proxy.example")]
    [InlineData("FrontEnd:PrivateClients:0", "10.0.0.0/99")]
    [InlineData("FrontEnd:BasePath", "api")]
    [InlineData("FrontEnd:MaxFrameBytes", "10")]
    [InlineData("FrontEnd:MaxSessions", "0")]
    [InlineData("FrontEnd:IdleTimeout:Relay", "00:00:00")]
    [InlineData("FrontEnd:ConnectRate:Capacity", "0")]
    [InlineData("FrontEnd:ConnectRate:RefillPerSecond", "NaN")]
    [InlineData("FrontEnd:ConnectRate:AnswerTimeout", "00:00:00")]
    [InlineData("FrontEnd:Admission:MaxUnderWay", "0")]
    [InlineData("FrontEnd:Admission:MinUnderWay", "1001")]
    [InlineData("FrontEnd:Admission:MaxPerSecond", "0")]
    [InlineData("FrontEnd:Admission:MaxRetryAfter", "4")]
    [InlineData("FrontEnd:Admission:TargetLatency", "00:00:00")]
    [InlineData("FrontEnd:DrainSeconds", "-1")]
    [InlineData("FrontEnd:DrainPerSecond", "0")]
    [InlineData("FrontEnd:DrainMaxSeconds", "3601")]
    [InlineData("FrontEnd:Outbox:MaxFrames", "0")]
    public async Task A_setting_that_cannot_work_stops_the_start_with_its_key_and_value(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => FrontEndHost.StartAsync(new Dictionary<string, string?> { [key] = value }));
        Assert.Contains(key, failure.Message);
        if (double.TryParse(value, out _) || !value.Contains(':'))
            Assert.Contains(value, failure.Message);
    }
}
