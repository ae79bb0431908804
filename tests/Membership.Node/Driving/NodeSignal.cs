using System.Runtime.InteropServices;

namespace Firezone.Membership.Node.Driving;

/// <summary>What Linux can tell a process.</summary>
public sealed record NodeSignal
{
    private readonly int _number;

    private NodeSignal(int number) => _number = number;

    public static NodeSignal Kill { get; } = new(9);

    public static NodeSignal Terminate { get; } = new(15);

    public static NodeSignal Continue { get; } = new(18);

    /// <summary>Pauses the process where it is; it cannot refuse.</summary>
    public static NodeSignal Stop { get; } = new(19);

    public void Send(int processId) => _ = Send(processId, _number);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int processId, int signal);
}
