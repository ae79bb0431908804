using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// The head of a request, if it is an opening handshake as peers and proxies write it (RFC 6455 section 4.2.1), read by the framework's
/// parser. Whatever is unusual is not refused here but left to the framework.
/// </summary>
internal sealed class RequestHead : IHttpRequestLineHandler, IHttpHeadersHandler
{
    /// <summary>Of the request line, in bytes.</summary>
    internal const int MaxLineSize = 8 * 1024;

    /// <summary>Of all header lines together, in bytes.</summary>
    internal const int MaxHeadersSize = 16 * 1024;

    /// <summary>How many header lines there may be.</summary>
    internal const int MaxHeaders = 64;

    private const int KeyLength = 24;

    // Those that a connect is decided by, in the letters that they are looked up by.
    private static readonly string[] Kept =
    [
        BearerToken.Header, "User-Agent", "X-Forwarded-For", "Origin", "X-Azure-Geo-Country", "X-Geo-Location-Region",
        "X-Geo-Location-City", "X-Geo-Location-Coordinates",
    ];

    private static readonly HttpParser<RequestHead> Parser = new(showErrorDetails: false);

    private int _count;
    private bool _isUsual = true;
    private bool _hasUpgrade;
    private bool _hasConnection;
    private bool _hasVersion;

    private RequestHead()
    {
    }

    /// <summary>Without the query.</summary>
    internal string Path { get; private set; } = "";

    /// <summary>With its question mark, or empty.</summary>
    internal string Query { get; private set; } = "";

    internal string Host { get; private set; } = "";

    /// <summary><c>Sec-WebSocket-Key</c>.</summary>
    internal string Key { get; private set; } = "";

    /// <summary>The headers that a connect is decided by.</summary>
    internal HeaderDictionary Headers { get; } = [];

    /// <summary>Reads a whole head; null if there is none, or it is for the framework.</summary>
    /// <param name="bytes">From the beginning of the connection.</param>
    /// <param name="end">Behind the head.</param>
    internal static RequestHead? TryRead(in ReadOnlySequence<byte> bytes, out SequencePosition end)
    {
        end = bytes.Start;
        var head = new RequestHead();
        var reader = new SequenceReader<byte>(bytes);
        try
        {
            if (!Parser.ParseRequestLine(head, ref reader) || !head._isUsual || reader.Consumed > MaxLineSize)
                return null;
            var line = reader.Consumed;
            if (!Parser.ParseHeaders(head, ref reader) || reader.Consumed - line > MaxHeadersSize)
                return null;
        }
        catch (BadHttpRequestException)
        {
            // The framework finds the same and answers it.
            return null;
        }

        end = reader.Position;
        return head._isUsual && head is { _hasUpgrade: true, _hasConnection: true, _hasVersion: true, Key.Length: > 0, Host.Length: > 0 }
            ? head
            : null;
    }

    void IHttpRequestLineHandler.OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
    {
        var target = startLine[targetPath.Offset..];
        _isUsual = versionAndMethod is { Method: Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod.Get, Version: HttpVersion.Http11 }
            && !targetPath.IsEncoded
            && target is [(byte)'/', ..]
            && Ascii.IsValid(target);
        if (!_isUsual)
            return;
        Path = Encoding.ASCII.GetString(target[..targetPath.Length]);
        Query = Encoding.ASCII.GetString(target[targetPath.Length..]);
    }

    void IHttpHeadersHandler.OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (++_count > MaxHeaders || !Ascii.IsValid(value) || value.Contains((byte)0))
            _isUsual = false;
        else if (Is(name, "Host"))
            Host = Once(Host, value);
        else if (Is(name, "Upgrade"))
            (_hasUpgrade, _isUsual) = (true, _isUsual && !_hasUpgrade && Ascii.EqualsIgnoreCase(value, "websocket"));
        else if (Is(name, "Connection"))
            (_hasConnection, _isUsual) = (true, _isUsual && !_hasConnection && HasUpgrade(value));
        else if (Is(name, "Sec-WebSocket-Version"))
            (_hasVersion, _isUsual) = (true, _isUsual && !_hasVersion && value.SequenceEqual("13"u8));
        else if (Is(name, "Sec-WebSocket-Key"))
            (Key, _isUsual) = (Once(Key, value), _isUsual && value.Length == KeyLength && Base64.IsValid(value));
        else if (Is(name, "Content-Length") || Is(name, "Transfer-Encoding") || Is(name, "Expect"))
            _isUsual = false;
        else if (Find(name) is { } kept)
            Headers[kept] = StringValues.Concat(Headers[kept], Encoding.ASCII.GetString(value));
    }

    void IHttpHeadersHandler.OnHeadersComplete(bool endStream)
    {
    }

    void IHttpHeadersHandler.OnStaticIndexedHeader(int index) => _isUsual = false;

    void IHttpHeadersHandler.OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => _isUsual = false;

    private string Once(string before, ReadOnlySpan<byte> value)
    {
        _isUsual &= before.Length == 0 && value.Length > 0;
        return Encoding.ASCII.GetString(value);
    }

    private static string? Find(ReadOnlySpan<byte> name)
    {
        foreach (var kept in Kept)
        {
            if (Is(name, kept))
                return kept;
        }

        return null;
    }

    private static bool Is(ReadOnlySpan<byte> name, string expected) => name.Length == expected.Length && Ascii.EqualsIgnoreCase(name, expected);

    private static bool HasUpgrade(ReadOnlySpan<byte> options)
    {
        foreach (var option in options.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(options[option].Trim((byte)' '), "Upgrade"))
                return true;
        }

        return false;
    }
}
