using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Tests.Support;

internal sealed class FakeRelayGrain : FakeDevice, IRelayGrain
{
    public Task<AttachResult> Attach(SessionRef session, RelayTicket ticket, StampSecret stampSecret, Resume? resume) =>
        AttachAsync(session, resume);
}
