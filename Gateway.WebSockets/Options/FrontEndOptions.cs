namespace Firezone.Gateway.WebSockets.Options;

/// <summary>Everything that can be set about the WebSocket front-end. Section <c>FrontEnd</c>.</summary>
public sealed class FrontEndOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "FrontEnd";

    /// <summary>
    /// Addresses of the main listener, separated by semicolons. Null: ASP.NET Core's own settings, and where there are none
    /// <c>http://127.0.0.1:8081</c>.
    /// </summary>
    public string? Urls { get; set; }

    /// <summary>Path under which the sockets are reachable besides the root, such as <c>/api</c>. Empty: the root only.</summary>
    public string BasePath { get; set; } = "";

    /// <summary>Port of the separate health listener, on the main listener's host. 0: none. Default 4000.</summary>
    public int HealthPort { get; set; } = 4000;

    /// <summary>Name under which this process is listed. Default: the machine's name.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Region label of this process, such as <c>gcp/us-east1</c>.</summary>
    public string Region { get; set; } = "local";

    /// <summary>Most sockets of this process; connects beyond are refused with 503. Default 100,000.</summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>
    /// Most sockets of this process from one address, or from one /64 of IPv6; connects beyond are refused with 503. Null: a tenth of
    /// <see cref="MaxSessions"/>, but not fewer than 100. Addresses of proxies are not counted.
    /// </summary>
    public int? MaxSessionsPerAddress { get; set; }

    /// <summary>How many connects are taken on at one time and per second; connects beyond are refused with 503.</summary>
    public AdmissionOptions Admission { get; set; } = new();

    /// <summary>Largest message that a peer may send, in bytes, fragments added up. Default 64 KiB.</summary>
    public int MaxFrameBytes { get; set; } = 64 * 1024;

    /// <summary>Deepest nesting of a peer's message. Default 32.</summary>
    public int MaxFrameDepth { get; set; } = 32;

    /// <summary>How fast sockets may send.</summary>
    public MessageRateOptions MessageRate { get; set; } = new();

    /// <summary>How long a connection may take to send its first byte, and then the head of its request. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long sockets may be silent.</summary>
    public IdleTimeoutOptions IdleTimeout { get; set; } = new();

    /// <summary>A socket that has not joined its channel for this long is closed. Default 30 s.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A peer that does not take a frame for this long is disconnected. Default 15 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a peer may take to answer a close frame. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for the decision on a connect; then 503. Default 5 s.</summary>
    public TimeSpan AdmissionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a join, retries included. Peers give up after 5 s. Default 4 s.</summary>
    public TimeSpan AttachTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest wait for the cluster's answer to one message of a peer, per attempt. Default 5 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Messages of one session that the cluster may be working on before the front-end stops reading its socket. Default 32.
    /// </summary>
    public int MaxOutstandingCalls { get; set; } = 32;

    /// <summary>
    /// Sessions that are attached again at one time after a silo has left; gateways, and clients that wait for something, go besides. Default 64.
    /// </summary>
    public int MaxConcurrentReattaches { get; set; } = 64;

    /// <summary>Over how many seconds the sockets are closed at an orderly stop, at least. With few sockets 0.2 s suffice. Default 5.</summary>
    public double DrainSeconds { get; set; } = 5;

    /// <summary>
    /// Most sockets closed per second at an orderly stop, for the sake of the front-ends that their devices turn to: with many sockets the stop takes
    /// longer. Default 250.
    /// </summary>
    public double DrainPerSecond { get; set; } = 250;

    /// <summary>Over at most so many seconds, whatever the number of sockets. Default 20, or <see cref="DrainSeconds"/> if that is more.</summary>
    public double DrainMaxSeconds { get; set; } = 20;

    /// <summary>Bounds of what may wait to be sent to one peer.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>The connect rate limit.</summary>
    public ConnectRateOptions ConnectRate { get; set; } = new();

    /// <summary>Whether forwarded addresses and location headers are believed.</summary>
    public ForwardedHeadersTrust ForwardedHeaders { get; set; } = ForwardedHeadersTrust.FromProxies;

    /// <summary>Addresses or CIDR ranges of proxies with public addresses. Loopback and private ranges are proxies already.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Addresses or CIDR ranges within the private ranges that are clients, not proxies.</summary>
    public string[] PrivateClients { get; set; } = [];

    /// <summary>If set, plain HTTP requests other than health need this value in <c>X-Azure-FDID</c>. Sockets are exempt.</summary>
    public string? ProxyId { get; set; }

    internal int SessionsPerAddress => MaxSessionsPerAddress ?? Math.Max(100, MaxSessions / 10);
}
