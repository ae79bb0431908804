using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firezone.Wire.Frames;

namespace Firezone.Wire.Tests;

/// <summary>Compares JSON by structure: order of members and white space do not matter, duplicates are an error.</summary>
internal static class JsonAssert
{
    internal static void Equal(string expected, ReadOnlySpan<byte> actual)
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
        var left = JsonNode.Parse(expected, documentOptions: options);
        var right = JsonNode.Parse(actual, documentOptions: options);
        Assert.True(JsonNode.DeepEquals(left, right), $"expected {left?.ToJsonString()}\nactual   {Encoding.UTF8.GetString(actual)}");
    }

    /// <summary>Compares a complete version 1 frame with the payload as it is pushed.</summary>
    internal static void EqualPush(string expectedFrame, string topic, string eventName, byte[] payload)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WritePush(output, FrameVersion.V1, default, topic, eventName, payload);
        Equal(expectedFrame, output.WrittenSpan);
    }

    /// <summary>Compares a complete version 1 frame with a reply.</summary>
    internal static void EqualReply(string expectedFrame, string reference, string topic, bool ok, ReadOnlySpan<byte> response)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, FrameVersion.V1, default, Encoding.UTF8.GetBytes(reference), topic, ok, response);
        Equal(expectedFrame, output.WrittenSpan);
    }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
