using System.Runtime.InteropServices;

namespace PartsWorker.Inference;

/// <summary>
/// Environment variables for native libraries, which on Linux do not see the variables that .NET sets. In glibc before 2.41, adding a
/// variable frees the list that another thread may be reading, and looking up a host name reads it: the process then ends with a
/// segmentation fault. So the variables are added once, while no other thread of the program runs.
/// </summary>
public static partial class NativeEnvironment
{
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
            _ = setenv("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
            _ = setenv("VIPSHOME", AppContext.BaseDirectory, overwrite: 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
