using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// One push to many sessions, encoded once per serializer. Version 2 frames carry the session's join ref; generic Phoenix clients count
/// from the same number, so neighbours usually share a frame there too. Not thread-safe.
/// </summary>
internal sealed class SharedPush(string eventName, byte[] payload)
{
    private readonly Dictionary<string, OutboundFrame> _v1 = [];
    private (string Topic, byte[] JoinRef, OutboundFrame Frame)? _lastV2;

    /// <summary>The frame for one session; shared, so its release does nothing.</summary>
    internal OutboundFrame For(FrameVersion version, string topic, byte[] joinRef)
    {
        if (version == FrameVersion.V1)
        {
            if (!_v1.TryGetValue(topic, out var frame))
                _v1[topic] = frame = Encode(version, topic, []);
            return frame;
        }

        if (_lastV2 is { } last && last.Topic == topic && last.JoinRef.AsSpan().SequenceEqual(joinRef))
            return last.Frame;

        var fresh = Encode(version, topic, joinRef);
        _lastV2 = (topic, joinRef, fresh);
        return fresh;
    }

    private OutboundFrame Encode(FrameVersion version, string topic, byte[] joinRef)
    {
        var buffer = new FrameBuffer(payload.Length + 128);
        FrameWriter.WritePush(buffer, version, joinRef, topic, eventName, payload);
        return buffer.DetachShared();
    }
}
