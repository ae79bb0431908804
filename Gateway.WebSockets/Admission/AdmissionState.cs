namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>What can be seen of the admission from outside.</summary>
internal readonly record struct AdmissionState(int Limit, int UnderWay, double PerSecond, int Waiting, bool IsStorm);
