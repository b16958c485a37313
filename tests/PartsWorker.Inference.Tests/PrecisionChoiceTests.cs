using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;

namespace PartsWorker.Inference.Tests;

public sealed class PrecisionChoiceTests : IDisposable
{
    private static readonly CpuFeatures Vnni = new("AVX-512 VNNI", VectorBits: 512);
    private static readonly CpuFeatures Avx2 = new(DotProduct: null, VectorBits: 256);
    private static readonly CpuFeatures Plain = new(DotProduct: null, VectorBits: 128);
    private readonly string _root = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Int8_runs_on_a_cpu_with_the_instructions()
    {
        var choice = PrecisionChoice.Make(Bundle(Precisions.Int8), PrecisionSetting.Auto, cuda: false, Vnni);
        Assert.Equal((Precision.Int8, "this CPU has AVX-512 VNNI"), (choice.Precision, choice.Reason));
    }

    [Fact]
    public void Int8_runs_on_a_cpu_with_avx2()
    {
        var choice = PrecisionChoice.Make(Bundle(Precisions.Int8), PrecisionSetting.Auto, cuda: false, Avx2);
        Assert.Equal((Precision.Int8, "this CPU has AVX2"), (choice.Precision, choice.Reason));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    public void Fp32_runs_on_other_cpus_without_the_instructions(int vectorBits)
    {
        var choice = PrecisionChoice.Make(Bundle(Precisions.Int8), PrecisionSetting.Auto, cuda: false, new(DotProduct: null, vectorBits));
        Assert.Equal((Precision.Fp32, "this CPU has no dot product of 8-bit integers"), (choice.Precision, choice.Reason));
    }

    [Fact]
    public void Int8_runs_without_the_instructions_if_it_is_configured() => Assert.Equal(
        Precision.Int8, PrecisionChoice.Make(Bundle(Precisions.Int8), PrecisionSetting.Int8, cuda: false, Plain).Precision);

    [Fact]
    public void A_gpu_runs_fp16_if_the_bundle_has_it_and_never_int8()
    {
        var both = Bundle(Precisions.Int8, Precisions.Fp16);
        Assert.Equal(Precision.Fp16, PrecisionChoice.Make(both, PrecisionSetting.Auto, cuda: true, Vnni).Precision);
        Assert.Equal(Precision.Fp32, PrecisionChoice.Make(Bundle(Precisions.Int8), PrecisionSetting.Auto, cuda: true, Vnni).Precision);
        var error = Assert.Throws<BundleException>(() => PrecisionChoice.Make(both, PrecisionSetting.Int8, cuda: true, Vnni));
        Assert.Contains("run on a CPU only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_of_an_earlier_version_runs_as_before()
    {
        var choice = PrecisionChoice.Make(Bundle(), PrecisionSetting.Auto, cuda: false, Vnni);
        Assert.Equal((Precision.Fp32, "the bundle has no int8 graphs"), (choice.Precision, choice.Reason));
        Assert.Throws<BundleException>(() => PrecisionChoice.Make(Bundle(), PrecisionSetting.Int8, cuda: false, Vnni));
    }

    [Fact]
    public void The_instructions_of_this_machine_are_those_that_its_kernel_lists()
    {
        if (OperatingSystem.IsLinux() && File.ReadAllText("/proc/cpuinfo") is var text && text.Contains("flags", StringComparison.Ordinal))
        {
            var listed = text.Contains(" avx512_vnni ", StringComparison.Ordinal) || text.Contains(" avx_vnni ", StringComparison.Ordinal);
            Assert.Equal(listed, CpuFeatures.Detected.DotProduct is not null);
            Assert.Equal(text.Contains(" avx2 ", StringComparison.Ordinal), CpuFeatures.Detected.VectorBits >= 256);
        }
    }

    /// <summary>The repository's bundle with its own graphs as those of further precisions.</summary>
    private ModelBundle Bundle(params string[] precisions)
    {
        var source = ModelBundle.Open(Repository.Bundle);
        using var writer = BundleWriter.Begin(_root, "parts-test", $"{Guid.NewGuid():N}");
        foreach (var file in source.Manifest.Files.Keys)
        {
            var target = Path.Combine(writer.Directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, source.PathOf(file));
        }

        return writer.Commit(source.Manifest with
        {
            Name = "parts-test",
            Precisions = precisions.ToDictionary(
                p => p,
                _ => new PrecisionManifest { StageOne = source.Manifest.StageOne.File, Golden = GoldenSet.FileName },
                StringComparer.Ordinal),
        });
    }
}
