namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>What became of a connect or join that was taken on.</summary>
internal enum ConnectEnd
{
    /// <summary>It was over before anybody was asked, and counts for nothing.</summary>
    Nothing = 0,

    /// <summary>It was decided on, whichever way.</summary>
    Decided = 1,

    /// <summary>The database says that too many wait for it.</summary>
    Busy = 2,

    /// <summary>Database or silo did not answer.</summary>
    Failed = 3,

    /// <summary>The peer went before the decision.</summary>
    Abandoned = 4,
}
