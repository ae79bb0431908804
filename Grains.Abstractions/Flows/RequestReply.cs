namespace Firezone.Grains.Abstractions.Flows;

/// <summary>An immediate answer to a request.</summary>
/// <param name="Ok">True for status <c>ok</c>, false for <c>error</c>.</param>
/// <param name="Response">UTF-8 JSON of the <c>response</c> member.</param>
[GenerateSerializer, Immutable, Alias("fz.RequestReply")]
public sealed record RequestReply([property: Id(0)] bool Ok, [property: Id(1)] byte[] Response);
