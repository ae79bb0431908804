namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>
/// Of the silo that a front-end shares its process with. Spares the first call of a session the question whether and where its grain is
/// active: nearly always it is not.
/// </summary>
public interface ISessionPlacement
{
    /// <summary>The next call is to make this grain here. If it turns out to be active elsewhere, it stays there, and the call is passed on.</summary>
    void ExpectHere(IAddressable grain);
}
