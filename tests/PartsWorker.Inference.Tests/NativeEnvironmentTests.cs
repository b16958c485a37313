using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PartsWorker.Bundles.Preprocessing.Vips;

namespace PartsWorker.Inference.Tests;

public sealed class NativeEnvironmentTests
{
    private static int _atStart;

    // As the programs do: before anything else of this process runs.
    [ModuleInitializer]
    internal static void Prepare()
    {
        NativeEnvironment.Prepare();
        _atStart = Count();
    }

    // A variable that is added later may free the list that another thread may be reading.
    [Fact]
    public void Neither_ONNX_Runtime_nor_libvips_adds_a_variable_after_the_start()
    {
        OrtRuntime.EnsureStarted();
        Assert.Null(VipsRuntime.Problem);

        Assert.Equal(_atStart, Count());
    }

    private static int Count()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var list = Marshal.ReadIntPtr(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ"));
        return Enumerable.Range(0, int.MaxValue).First(i => Marshal.ReadIntPtr(list, i * IntPtr.Size) == 0);
    }
}
