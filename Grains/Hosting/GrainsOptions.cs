using System.ComponentModel.DataAnnotations;

namespace Firezone.Grains.Hosting;

/// <summary>Settings of a silo's grains. Section <c>Firezone</c>.</summary>
public sealed class GrainsOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Firezone";

    /// <summary>Label of this silo's region, e.g. <c>gcp/us-east1</c>. Default <c>local</c>.</summary>
    [Required, MaxLength(64)]
    public string Region { get; set; } = "local";

    /// <summary>A front-end that does not renew for this long is gone. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan FrontEndLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Quiet time after a relay's coming or going before devices are told. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RelayDebounce { get; set; } = TimeSpan.FromSeconds(1);
}
