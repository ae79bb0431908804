using Firezone.Grains.Abstractions.Admission;
using Firezone.Wire.Versions;

namespace Firezone.Grains.Clients;

/// <summary>Which clients understand an update that moves a resource to another site; the others need it deleted and created.</summary>
public static class SiteChange
{
    /// <summary>A version that does not parse counts as old.</summary>
    public static bool IsUnderstoodBy(ClientTicket client)
    {
        var component = UserAgent.Classify(client.UserAgent, client.ActorKind is ActorKind.ServiceAccount);
        return ComponentVersion.TryParse(client.Version, out var version) && !Compatibility.NeedsRecreationOnSiteChange(component, version);
    }
}
