namespace Firezone.Admin.Listing;

/// <summary>An item of a list, which knows its place in it.</summary>
internal interface IListed
{
    /// <summary>Where the next page goes on after this item.</summary>
    Cursor Place();
}
