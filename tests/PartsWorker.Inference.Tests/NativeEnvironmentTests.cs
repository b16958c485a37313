using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PartsWorker.Bundles.Preprocessing.Vips;

namespace PartsWorker.Inference.Tests;

public sealed class NativeEnvironmentTests
{
    private static int _atStart;
    private static int _addedHere;

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

        Assert.Equal(_atStart + _addedHere, Count());
    }

    // setenv frees it, and the heap then writes into it.
    [Fact]
    public void The_list_that_another_thread_may_be_reading_stays_as_it_is()
    {
        for (var i = 0; i < 50; i++)
        {
            Add($"PARTS_TEST_{i}", "1");
            var list = List();
            var before = Entries(list);
            Add($"PARTS_TEST_LATER_{i}", "1");
            Assert.Equal(before, Entries(list));
        }
    }

    [Fact]
    public void A_variable_that_is_added_again_has_the_new_value()
    {
        Add("PARTS_TEST", "first");
        Add("PARTS_TEST", "second");
        Assert.Equal("second", NativeEnvironment.Get("PARTS_TEST"));
    }

    private static void Add(string name, string value)
    {
        NativeEnvironment.Add(name, value);
        _addedHere++;
    }

    private static int Count() => OperatingSystem.IsLinux() ? Entries(List()).Length : 0;

    private static nint List() => Marshal.ReadIntPtr(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ"));

    private static nint[] Entries(nint list) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(i => Marshal.ReadIntPtr(list, i * IntPtr.Size)).TakeWhile(entry => entry != 0)];
}
