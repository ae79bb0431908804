namespace Firezone.Grains.Abstractions.Admission;

/// <summary>Kinds of actors that may connect as a client.</summary>
public enum ActorKind
{
    /// <summary>A person.</summary>
    AccountUser = 0,

    /// <summary>A person who also administers the account.</summary>
    AccountAdminUser = 1,

    /// <summary>A machine. Not a member of the group Everyone.</summary>
    ServiceAccount = 2,
}
