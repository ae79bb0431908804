using System.Buffers.Binary;
using Firezone.Grains.Sessions;
using Firezone.Wire.Client;
using Firezone.Wire.Gateway;
using Firezone.Wire.Resources;

namespace Firezone.Grains.Accounts;

/// <summary>
/// A resource with a site, rendered once per wire variant. The same instance in every version of the snapshot until the resource or its
/// site's name changes.
/// </summary>
/// <remarks>Immutable; the byte arrays are shared by all sessions of the silo and must not be modified.</remarks>
public sealed class SnapshotResource
{
    private readonly Rendering?[] _renderings = new Rendering?[ResourceVariants.Count];

    /// <summary>Renders <paramref name="view"/>, which must have a site, for every variant that can express it.</summary>
    public SnapshotResource(ResourceView view, long revision)
    {
        View = view;
        Revision = revision;
        SortKey = BinaryPrimitives.ReadUInt64BigEndian(view.Id.ToByteArray(bigEndian: true));
        SiteId = view.SiteId ?? throw new ArgumentException("A resource without a site is never connectable.", nameof(view));
        for (var i = 0; i < ResourceVariants.Count; i++)
        {
            var adapted = ResourceAdapter.Adapt(view, ResourceVariants.Representative((ResourceVariant)i));
            _renderings[i] = adapted is null ? null : Render(adapted);
        }

        MinimumGatewayVersion = _renderings[(int)ResourceVariant.OldWildcards] is not null ? null
            : _renderings[(int)ResourceVariant.WithoutInternet] is not null ? "1.2.0"
            : "1.3.0";
    }

    /// <summary>As stored.</summary>
    public ResourceView View { get; }

    /// <summary>Resource id.</summary>
    public Guid Id => View.Id;

    /// <summary>Rises when a change invalidates what was granted before.</summary>
    public long Revision { get; }

    /// <summary>The site whose gateways serve it.</summary>
    public Guid SiteId { get; }

    /// <summary>The lowest gateway version that can serve it, or null if every one can.</summary>
    public string? MinimumGatewayVersion { get; }

    /// <summary>The first half of the id: in the order of ids wherever it differs.</summary>
    internal ulong SortKey { get; }

    /// <summary>The rendering for a variant, or null if the variant cannot express the resource.</summary>
    public Rendering? For(ResourceVariant variant) => _renderings[(int)variant];

    private static Rendering Render(ResourceView adapted)
    {
        var client = ClientResource.Render(adapted);
        return new Rendering(client, GatewayResource.Render(adapted), ViewHashes.Of(client));
    }

    /// <summary>UTF-8 JSON of one variant.</summary>
    /// <param name="Client">As clients read it.</param>
    /// <param name="Gateway">As gateways read it.</param>
    /// <param name="ClientHash">Fingerprint of <paramref name="Client"/>, equal on every silo.</param>
    public sealed record Rendering(byte[] Client, byte[] Gateway, ulong ClientHash);
}
