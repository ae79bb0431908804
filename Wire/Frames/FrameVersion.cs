namespace Firezone.Wire.Frames;

/// <summary>The Phoenix serializer of a socket, chosen by the <c>vsn</c> query parameter of the upgrade request.</summary>
public enum FrameVersion
{
    /// <summary><c>vsn</c> absent or <c>1.0.x</c>: each frame is an object. What every native peer speaks.</summary>
    V1 = 0,

    /// <summary><c>vsn</c> <c>2.0.x</c>: each frame is an array <c>[join_ref, ref, topic, event, payload]</c>.</summary>
    V2 = 1,
}
