namespace Firezone.Admin.Authentication;

/// <summary>Roles of admin tokens, as stored; and what each kind of route demands.</summary>
public static class Roles
{
    /// <summary>Reads its account.</summary>
    public const string Reader = "reader";

    /// <summary>Reads and changes its account.</summary>
    public const string Admin = "admin";

    /// <summary>Runs the cluster; opens no account.</summary>
    public const string Operator = "operator";

    /// <summary>Policy: read an account.</summary>
    internal const string CanRead = nameof(CanRead);

    /// <summary>Policy: change an account.</summary>
    internal const string CanChange = nameof(CanChange);

    /// <summary>Policy: end a session, of the own account or, for operators, of any.</summary>
    internal const string CanEndSessions = nameof(CanEndSessions);

    /// <summary>Policy: run the cluster.</summary>
    internal const string CanOperate = nameof(CanOperate);

    /// <summary>Policy: any good token. What says nothing else demands this.</summary>
    internal const string Any = nameof(Any);
}
