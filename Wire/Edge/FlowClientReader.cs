using Firezone.Wire.Gateway;
using Firezone.Wire.Json;

namespace Firezone.Wire.Edge;

/// <summary>Reads the client and the subject of an <c>authorize_flow</c>.</summary>
internal static class FlowClientReader
{
    internal static bool TryClient(ReadOnlyMemory<byte> json, out FlowClient? client)
    {
        client = null;
        var r = new PayloadReader(json);
        if (!r.IsObject)
            return false;

        Guid? id = null;
        string? publicKey = null;
        string? presharedKey = null;
        string? ipv4 = null;
        string? ipv6 = null;
        var description = new FlowClient(default, "", "", "", "");
        while (r.NextMember())
        {
            var fits = true;
            if (r.Enter("id"u8))
                fits = r.TryOptionalGuid(out id);
            else if (r.Enter("public_key"u8))
                fits = r.TryString(int.MaxValue, out publicKey);
            else if (r.Enter("preshared_key"u8))
                fits = r.TryString(int.MaxValue, out presharedKey);
            else if (r.Enter("ipv4"u8))
                fits = r.TryString(int.MaxValue, out ipv4);
            else if (r.Enter("ipv6"u8))
                fits = r.TryString(int.MaxValue, out ipv6);
            else
                fits = TryDescription(ref r, ref description);
            if (!fits)
                return false;
        }

        if (id is null || publicKey is null || presharedKey is null || ipv4 is null || ipv6 is null)
            return false;

        client = description with { Id = id.Value, PublicKey = publicKey, PresharedKey = presharedKey, Ipv4 = ipv4, Ipv6 = ipv6 };
        return true;
    }

    internal static bool TrySubject(ReadOnlyMemory<byte> json, out FlowSubject subject)
    {
        subject = new FlowSubject(null, null, null, null);
        var r = new PayloadReader(json);
        if (!r.IsObject)
            return false;

        while (r.NextMember())
        {
            string? text = null;
            Guid? id = null;
            var fits = true;
            if (r.Enter("auth_provider_id"u8))
            {
                fits = r.IsNull || r.TryOptionalGuid(out id);
                subject = subject with { AuthProviderId = id };
            }
            else if (r.Enter("actor_id"u8))
            {
                fits = r.IsNull || r.TryOptionalGuid(out id);
                subject = subject with { ActorId = id };
            }
            else if (r.Enter("actor_email"u8))
            {
                fits = r.TryOptionalString(out text);
                subject = subject with { ActorEmail = text };
            }
            else if (r.Enter("actor_name"u8))
            {
                fits = r.TryOptionalString(out text);
                subject = subject with { ActorName = text };
            }

            if (!fits)
                return false;
        }

        return true;
    }

    private static bool TryDescription(ref PayloadReader r, ref FlowClient client)
    {
        string? text = null;
        if (r.Enter("version"u8) && r.TryOptionalString(out text))
            client = client with { Version = text };
        else if (r.Enter("device_os_name"u8) && r.TryOptionalString(out text))
            client = client with { DeviceOsName = text };
        else if (r.Enter("device_os_version"u8) && r.TryOptionalString(out text))
            client = client with { DeviceOsVersion = text };
        else if (r.Enter("device_serial"u8) && r.TryOptionalString(out text))
            client = client with { DeviceSerial = text };
        else if (r.Enter("device_uuid"u8) && r.TryOptionalString(out text))
            client = client with { DeviceUuid = text };
        else if (r.Enter("identifier_for_vendor"u8) && r.TryOptionalString(out text))
            client = client with { IdentifierForVendor = text };
        else if (r.Enter("firebase_installation_id"u8) && r.TryOptionalString(out text))
            client = client with { FirebaseInstallationId = text };
        else
            return !r.IsAtValue;
        return true;
    }
}
