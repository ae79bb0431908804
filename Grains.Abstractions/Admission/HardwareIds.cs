namespace Firezone.Grains.Abstractions.Admission;

/// <summary>Hardware identifiers as sent at connect; each may be null.</summary>
[GenerateSerializer, Immutable, Alias("fz.HardwareIds")]
public sealed record HardwareIds(
    [property: Id(0)] string? DeviceSerial,
    [property: Id(1)] string? DeviceUuid,
    [property: Id(2)] string? IdentifierForVendor,
    [property: Id(3)] string? FirebaseInstallationId);
