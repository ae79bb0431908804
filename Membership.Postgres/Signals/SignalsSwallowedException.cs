namespace Firezone.Membership.Postgres.Signals;

/// <summary>LISTEN succeeded and yet nothing is heard.</summary>
internal sealed class SignalsSwallowedException() : Exception("LISTEN succeeded, but a notification sent by another session did not arrive.");
