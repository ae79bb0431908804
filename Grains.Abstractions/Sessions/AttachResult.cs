namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Answer of a device's grain to an attached session.</summary>
/// <param name="Status">Anything but <see cref="AttachStatus.Attached"/> means: close this socket.</param>
/// <param name="Init">
/// UTF-8 JSON of the <c>init</c> payload, to be written right after the join reply and before any push. Null when a resumed session
/// already holds exactly this view.
/// </param>
/// <param name="ViewHash">Fingerprint of what the device has been told; handed back when the session is resumed.</param>
/// <param name="FirstPush">Number of the first push that follows; 0 when the pushes of this session are not numbered.</param>
/// <param name="Silo">The silo that hosts the activation; when it leaves the cluster the front-end attaches the session again.</param>
[GenerateSerializer, Immutable, Alias("fz.AttachResult")]
public sealed record AttachResult(
    [property: Id(0)] AttachStatus Status,
    [property: Id(1)] byte[]? Init,
    [property: Id(2)] ulong ViewHash,
    [property: Id(3)] string Silo,
    [property: Id(4)] long FirstPush = 0);
