using System.Buffers.Binary;
using System.Text;

namespace Firezone.Shared.Peers;

/// <summary>A WebSocket frame as it came over the wire.</summary>
public sealed record RawFrame(bool Fin, int Opcode, byte[] Payload)
{
    public const int Continuation = 0;
    public const int TextOpcode = 1;
    public const int Binary = 2;
    public const int CloseOpcode = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    public string Text => Encoding.UTF8.GetString(Payload);

    public int CloseCode => BinaryPrimitives.ReadUInt16BigEndian(Payload);
}
