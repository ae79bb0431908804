namespace Firezone.Wire.Frames;

/// <summary>Why a received message is not a frame. All but <see cref="None"/> are protocol errors: close the socket.</summary>
public enum FrameError
{
    /// <summary>The frame is valid.</summary>
    None = 0,

    /// <summary>Not one complete JSON value.</summary>
    NotJson = 1,

    /// <summary>JSON, but of another shape: a missing member, a wrong type, an overlong topic, event or ref.</summary>
    NotAFrame = 2,

    /// <summary>Nested deeper than <see cref="FrameLimits.MaxDepth"/>.</summary>
    TooDeep = 3,

    /// <summary>Longer than <see cref="FrameLimits.MaxBytes"/>. Nothing of it was looked at.</summary>
    TooLarge = 4,

    /// <summary>Not UTF-8, which RFC 6455 section 8.1 forbids in text messages.</summary>
    InvalidUtf8 = 5,
}
