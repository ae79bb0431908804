using System.Buffers.Binary;
using System.Buffers.Text;
using Firezone.Admin.Problems;

namespace Firezone.Admin.Listing;

/// <summary>A place in a list ordered by time and id. Opaque to callers; it grants nothing, so it needs no signature.</summary>
internal readonly record struct Cursor(DateTimeOffset At, Guid Id)
{
    private const int Length = 24;
    private const int Characters = 32;

    /// <summary>As it leaves the server.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.UtcTicks);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>As it comes back.</summary>
    public static Cursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Characters || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written)
            || written != Length || BinaryPrimitives.ReadInt64BigEndian(bytes) is var ticks && (ticks < 0 || ticks > DateTime.MaxValue.Ticks))
        {
            throw new ProblemException(Problem.Malformed("is not a cursor of this list", "cursor"));
        }

        return new Cursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true));
    }
}
