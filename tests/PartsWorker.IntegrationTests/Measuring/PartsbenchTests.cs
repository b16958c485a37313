using PartsWorker.Harness;
using PartsWorker.Harness.Processes;
using PartsWorker.Tests.Publishing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.IntegrationTests.Measuring;

[Collection("bench")]
public class PartsbenchTests
{
    [Theory]
    [InlineData("run --model none --images GOLDEN", 1, "PostgreSQL cannot be reached")]
    [InlineData("backlog --images GOLDEN --messages 100", 1, "PostgreSQL cannot be reached")]
    [InlineData("run --model none --images /proc/nowhere", 1, "/proc/nowhere")]
    [InlineData("run --model real --images GOLDEN", 2, "--model real needs --real BUNDLE")]
    [InlineData("run --model none --images ", 2, "--images is empty: give a folder")]
    [InlineData("run --images GOLDEN --real ", 2, "--real is empty: give a folder")]
    [InlineData("run --model none --images GOLDEN --Model:Decoder=gdi", 2, "Model:Decoder: there is no decoder 'gdi'")]
    [InlineData("run --model none --images GOLDEN --seconds 11", 2, "--seconds 11: must be 0.2..10")]
    [InlineData("costs --quick --bundle real=nowhere --images GOLDEN --out /tmp", 1, "PostgreSQL cannot be reached")]
    [InlineData("costs --bundle real --images GOLDEN --out /tmp", 2, "--bundle real: must be NAME=FOLDER")]
    [InlineData("costs --quick --bundle real=nowhere --images GOLDEN", 2, "--quick needs --out FOLDER")]
    [InlineData("plan --images-per-second 0 --size 5MP --model real-int8", 2, "--images-per-second 0: must be 0.001..1000000")]
    [InlineData("plan --images-per-second 10 --size 50MP --model real-int8", 2, "--size 50MP: must be 0.3MP..12MP")]
    [InlineData("plan --images-per-second 10 --size 5MP --model other", 2, "--model other: was not measured")]
    [InlineData("plan --images-per-second 10 --size 5MP --model real --costs nowhere.json", 2, "nowhere.json: cannot be read")]
    [InlineData("scale --images-per-second 10 --seconds 0 --size 5MP --model real", 2, "--seconds 0: must be 1..86400")]
    [InlineData("soak --images GOLDEN --kill-every 30", 2, "--kill-every needs --workers 2 or more")]
    [InlineData("soak --images GOLDEN --messages 1", 2, "--messages 1: must be 100..1000000000")]
    public async Task What_it_cannot_do_is_one_line(string arguments, int code, string says)
    {
        var words = arguments.Replace("GOLDEN", Path.Combine(Repository.Bundle, "golden"), StringComparison.Ordinal).Split(' ');
        using var bench = new Launch(Programs.Bench, words)
        {
            Environment =
            [
                ("ConnectionStrings__RabbitMq", "amqp://u:secret@127.0.0.1:1/"),
                ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=parts;Username=u;Password=secret"),
            ],
        }.Start();

        Assert.Equal(code, await bench.ExitAsync());
        var line = Assert.Single(bench.Text.Split('\n'), l => l.StartsWith("partsbench: ", StringComparison.Ordinal));
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", bench.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", bench.Text, StringComparison.Ordinal);
    }

    /// <summary>Images of 12 megapixels take longer to decode than the model takes, so the pipeline is compared with the decoder.</summary>
    [Fact]
    public async Task Where_decoding_is_the_limit_the_pipeline_is_compared_with_the_decoder()
    {
        using var folder = new RawFolder();
        folder.Write("large.jpg", Noise(4000, 3000));
        string[] words =
        [
            "-u", "ConnectionStrings__RabbitMq", "-u", "ConnectionStrings__Postgres", Programs.Bench, "run", "--tiny",
            Repository.DemoBundle, "--model", "tiny", "--images", folder.Path, "--seconds", "0.2", "--windows", "1", "--warm", "0",
            "--Inference:Precision=fp32", "--Pipeline:MaxBatch=2",
        ];
        using var bench = new Launch("/usr/bin/env", words).Start();

        Assert.True(await bench.ExitAsync(TimeSpan.FromMinutes(2)) == 0, bench.Text);

        Assert.Contains("fp32 on cpu", bench.Text, StringComparison.Ordinal);
        Assert.Contains("tiny_pipeline_over_decode", bench.Text, StringComparison.Ordinal);
    }

    private static byte[] Noise(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random(1).NextBytes(pixels);
        using var image = Image.LoadPixelData<L8>(pixels, width, height);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file);
        return file.ToArray();
    }
}
