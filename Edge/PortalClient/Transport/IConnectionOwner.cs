using Firezone.Edge.PortalClient.Inputs;

namespace Firezone.Edge.PortalClient.Transport;

/// <summary>What a <see cref="Connection"/> tells its channel; called from any thread.</summary>
internal interface IConnectionOwner
{
    /// <summary>Something happened. Reports after the connection's release are harmless.</summary>
    void Report(ChannelInput input);

    /// <summary>A message was skipped because it is no frame.</summary>
    void Unreadable(string why);

    /// <summary>Completes when the reader of the channel's events has kept up; until then nothing is read from the socket.</summary>
    Task HasRoomAsync();
}
