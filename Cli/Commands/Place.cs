namespace Firezone.Cli.Commands;

/// <summary>Where a value of the command line goes in the request.</summary>
internal enum Place
{
    Path,
    Query,
    Body,

    /// <summary>Nowhere: the program itself wants to know.</summary>
    Local,
}
