using Npgsql;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>A server that was the primary once takes writes again, although another has been promoted since.</summary>
public sealed class OldPrimaryException : NpgsqlException
{
    /// <summary>Says what it is.</summary>
    public OldPrimaryException()
        : this("The server is a former primary: another one has been promoted since.")
    {
    }

    /// <summary>With a text of one's own.</summary>
    public OldPrimaryException(string message)
        : base(message)
    {
    }

    /// <summary>With a cause.</summary>
    public OldPrimaryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
