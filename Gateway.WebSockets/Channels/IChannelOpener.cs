using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>An admitted peer that may join: its ticket together with the way to its grain.</summary>
internal interface IChannelOpener
{
    /// <summary>A channel for a join of the role's topic, not attached yet. Null: the join's payload is unfit.</summary>
    /// <param name="connection">The peer's socket.</param>
    /// <param name="join">The join frame.</param>
    /// <param name="joinsBefore">Joins of this socket so far. Each counts as opened a little later, so that the newest wins.</param>
    Channel? Open(Connection connection, in PhoenixFrame join, int joinsBefore);
}
