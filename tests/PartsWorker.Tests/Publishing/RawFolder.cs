using System.Diagnostics;
using System.Runtime.InteropServices;
using PartsWorker.References;

namespace PartsWorker.Tests.Publishing;

/// <summary>A temporary folder whose files may have names of any bytes, as no method of the base library writes them.</summary>
internal sealed class RawFolder : IDisposable
{
    private const int Mode = 0x1B4;

    public string Path { get; } = Directory.CreateTempSubdirectory("partsworker-").FullName;

    /// <param name="name">Path below the folder, one char per byte (Latin-1).</param>
    /// <param name="content">The content of the file.</param>
    /// <returns>Its full path, as the code under test writes it.</returns>
    public string Write(string name, byte[] content)
    {
        var path = TextOf(name);
        using var file = Creat(PathBytes.ToSystem(path), Mode) is var handle && !handle.IsInvalid
            ? handle
            : throw new IOException($"'{name}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        RandomAccess.Write(file, content, 0);
        return path;
    }

    public void CreateFolder(string name) => Assert.Equal(0, MkDir(PathBytes.ToSystem(TextOf(name)), 0x1ED));

    public void Delete(string name) => Assert.Equal(0, Unlink(PathBytes.ToSystem(TextOf(name))));

    public void Rename(string from, string to) =>
        Assert.Equal(0, Rename(PathBytes.ToSystem(TextOf(from)), PathBytes.ToSystem(TextOf(to))));

    public void Touch(string name) => Assert.Equal(0, Utimes(PathBytes.ToSystem(TextOf(name)), 0));

    public string TextOf(string name) => Path + "/" + PathBytes.ToText([.. name.Select(c => (byte)c)]);

    public void Dispose()
    {
        using var removed = Process.Start("rm", ["-rf", Path]);
        removed.WaitForExit();
    }

    [DllImport("libc", EntryPoint = "creat", SetLastError = true)]
    private static extern Microsoft.Win32.SafeHandles.SafeFileHandle Creat(byte[] path, int mode);

    [DllImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static extern int MkDir(byte[] path, int mode);

    [DllImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static extern int Unlink(byte[] path);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    private static extern int Rename(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "utimes", SetLastError = true)]
    private static extern int Utimes(byte[] path, nint now);
}
