using System.Runtime.InteropServices;

namespace Firezone.Silos.Hosting;

/// <summary>The C library's heap, which the runtime's compiler and OpenSSL use.</summary>
internal static class NativeHeap
{
    /// <summary>Returns free pages to the system. Other libraries than glibc keep less and know no such thing.</summary>
    internal static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nint pad);
}
