using System.Text;
using System.Text.Json;

namespace Firezone.Wire.Frames;

/// <summary>Maps received names to the constants, so that a known name costs no allocation and an unknown one is bounded.</summary>
internal sealed class KnownNames
{
    /// <summary>Longest topic or event in bytes of UTF-8.</summary>
    internal const int MaxBytes = 128;

    // By how often they are received.
    internal static readonly KnownNames Topics = new(
        Frames.Topics.Client,
        Frames.Topics.Gateway,
        Frames.Topics.Phoenix,
        Frames.Topics.Relay);

    internal static readonly KnownNames Events = new(
        Frames.Events.Heartbeat,
        Frames.Events.CreateFlow,
        Frames.Events.BroadcastIceCandidates,
        Frames.Events.BroadcastInvalidatedIceCandidates,
        Frames.Events.FlowAuthorized,
        Frames.Events.Join,
        Frames.Events.Reply,
        Frames.Events.Init,
        Frames.Events.FlowCreated,
        Frames.Events.FlowCreationFailed,
        Frames.Events.AuthorizeFlow,
        Frames.Events.IceCandidates,
        Frames.Events.InvalidateIceCandidates,
        Frames.Events.RelaysPresence,
        Frames.Events.ResourceCreatedOrUpdated,
        Frames.Events.ResourceDeleted,
        Frames.Events.ResourceUpdated,
        Frames.Events.ConfigChanged,
        Frames.Events.RejectAccess,
        Frames.Events.AccessAuthorizationExpiryUpdated,
        Frames.Events.Leave,
        Frames.Events.Close,
        Frames.Events.Error,
        Frames.Events.Disconnect,
        Frames.Events.NoRelays,
        Frames.Events.SetSnownetCapabilities,
        Frames.Events.PrepareConnection,
        Frames.Events.ReuseConnection,
        Frames.Events.RequestConnection,
        Frames.Events.AllowAccess,
        Frames.Events.ConnectionReady,
        Frames.Events.RequestAuthorization,
        Frames.Events.AuthorizationCreated,
        Frames.Events.AuthorizationCreationFailed,
        Frames.Events.CreateAuthorization);

    private readonly string[] _names;
    private readonly byte[][] _utf8;

    private KnownNames(params string[] names)
    {
        _names = names;
        _utf8 = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    }

    /// <summary>The string at the reader's position. False if it is no string or too long.</summary>
    internal bool TryRead(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxBytes)
            return false;

        for (var i = 0; i < _utf8.Length; i++)
        {
            if (reader.ValueTextEquals(_utf8[i]))
            {
                name = _names[i];
                return true;
            }
        }

        name = reader.GetString()!;
        return true;
    }
}
