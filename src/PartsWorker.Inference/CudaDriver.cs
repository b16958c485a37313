using System.Runtime.InteropServices;

namespace PartsWorker.Inference;

/// <summary>Whether this machine has the driver of an NVIDIA GPU at all; it is what a container without a GPU lacks as well.</summary>
internal static class CudaDriver
{
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _);
}
