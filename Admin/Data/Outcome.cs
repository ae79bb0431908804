namespace Firezone.Admin.Data;

/// <summary>What a change answers, once it is committed.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The object, or null.</param>
/// <param name="Location">Path of what was created.</param>
internal sealed record Outcome(int Status, object? Body = null, string? Location = null)
{
    /// <summary>Deleted.</summary>
    public static Outcome NoContent { get; } = new(StatusCodes.Status204NoContent);

    /// <summary>Changed.</summary>
    public static Outcome Ok(object body) => new(StatusCodes.Status200OK, body);

    /// <summary>Made.</summary>
    public static Outcome Created(string location, object body) => new(StatusCodes.Status201Created, body, location);
}
