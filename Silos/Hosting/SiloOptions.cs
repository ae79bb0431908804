using System.ComponentModel.DataAnnotations;

namespace Firezone.Silos.Hosting;

/// <summary>Settings of the silo process. Section <c>Silo</c>.</summary>
public sealed class SiloOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Silo";

    /// <summary>Port for other silos. Default 11111.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>Port for Orleans clients, such as stand-alone front-ends. Default 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Address that other silos and Orleans clients dial. Default 127.0.0.1.</summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Listen on all addresses instead of the advertised one only. Default false.</summary>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>
    /// Port for <c>/healthz</c> and <c>/readyz</c> of a silo without a front-end; 0 switches them off. Default 4001. With a front-end,
    /// <c>FrontEnd:HealthPort</c> counts instead.
    /// </summary>
    [Range(0, 65535)]
    public int HealthPort { get; set; } = 4001;

    /// <summary>Serve device sockets from this process too. Default true.</summary>
    public bool FrontEnd { get; set; } = true;
}
