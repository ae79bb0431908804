namespace Firezone.Membership.Postgres.Table;

/// <summary>The membership tables are not there, or may not be used or made; the message says what is missing and what to do.</summary>
public sealed class MembershipSchemaException : Exception
{
    public MembershipSchemaException()
    {
    }

    public MembershipSchemaException(string message)
        : base(message)
    {
    }

    public MembershipSchemaException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
