using System.Runtime.InteropServices;

namespace PartsWorker.Inference;

/// <summary>
/// Environment variables for native libraries, which on Linux do not see the variables that .NET sets. In glibc before 2.41, <c>setenv</c>
/// frees the list of variables that another thread may be reading; looking up a host name reads it, and under libfaketime every look at the
/// clock does. The process then ends with a segmentation fault. So this class adds variables without <c>setenv</c>, and adds those that
/// libraries would add later.
/// </summary>
public static partial class NativeEnvironment
{
    private static readonly Lock Adding = new();
    private static int _isPrepared;

    /// <summary>
    /// Call it first in <c>Main</c>. Forbids the telemetry of ONNX Runtime, which sends an event while its environment is created; and sets
    /// <c>VIPSHOME</c>, because otherwise libvips adds it when the first image is decoded. Does nothing the second time, nor on other
    /// systems than Linux.
    /// </summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsLinux() && Interlocked.Exchange(ref _isPrepared, 1) == 0)
        {
            Add("ORT_DISABLE_TELEMETRY", "1");
            if (Get("VIPSHOME") is null)
            {
                Add("VIPSHOME", AppContext.BaseDirectory);
            }
        }
    }

    /// <summary>Returns the value that native libraries read; null if the variable does not exist.</summary>
    internal static string? Get(string name) => Marshal.PtrToStringUTF8(getenv(name));

    /// <summary>Adds a variable in front of the others, so that it replaces one with the same name.</summary>
    internal static void Add(string name, string value)
    {
        lock (Adding)
        {
            var environment = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
            var list = Marshal.ReadIntPtr(environment);
            var count = 0;
            while (Marshal.ReadIntPtr(list, count * IntPtr.Size) != 0)
            {
                count++;
            }

            // The previous list stays allocated, because another thread may be reading it.
            var longer = Marshal.AllocHGlobal((count + 2) * IntPtr.Size);
            Marshal.WriteIntPtr(longer, Marshal.StringToCoTaskMemUTF8($"{name}={value}"));
            for (var i = 0; i <= count; i++)
            {
                Marshal.WriteIntPtr(longer, (i + 1) * IntPtr.Size, Marshal.ReadIntPtr(list, i * IntPtr.Size));
            }

            Thread.MemoryBarrier();
            Marshal.WriteIntPtr(environment, longer);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
