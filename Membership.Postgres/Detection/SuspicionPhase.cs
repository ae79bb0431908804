namespace Firezone.Membership.Postgres.Detection;

internal enum SuspicionPhase
{
    /// <summary>The next probe has its time.</summary>
    Waiting,

    Probing,

    /// <summary>The row is being written.</summary>
    Declaring,

    /// <summary>The row was written; the view is to show it.</summary>
    Declared,
}
