using System.Text.Json;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Worker;

public class RealPartsTests
{
    [RealPartsFact]
    public async Task Every_real_photo_has_one_row_equal_to_the_result_of_classify_although_the_worker_is_killed_three_times()
    {
        await using var factory = await Factory.OpenAsync();
        var images = Directory.GetFiles(RealPartsFactAttribute.TestImages, "*.jpg", SearchOption.AllDirectories);
        await RunAsync($"publish {RealPartsFactAttribute.TestImages} --line A --camera cam-1", factory);

        for (var kill = 1; kill <= 3; kill++)
        {
            using var victim = StartWorker(factory);
            await factory.UntilRowsAsync(kill * images.Length / 5);
            victim.Kill();
            await victim.ExitAsync();
        }

        using (StartWorker(factory))
        {
            await factory.UntilRowsAsync(images.Length);
        }

        var rows = (await factory.Database.LinesAsync(
                "SELECT i.uri, c.class, c.confidence::float8 FROM classifications c JOIN images i USING (image_id, captured_at)"))
            .Select(line => line.Split('|')).ToArray();
        Assert.Equal(images.Length, rows.Length);
        Assert.Equal(images.Length, rows.Select(row => row[0]).Distinct().Count());

        var stored = rows.ToDictionary(row => new Uri(row[0]).LocalPath, row => (Class: row[1], Confidence: double.Parse(row[2])));
        var classified = await RunAsync($"classify {RealPartsFactAttribute.TestImages} --json --bundle {Factory.Bundle}", factory);
        var answers = classified.Split('\n').Where(line => line.StartsWith('{')).Select(
            line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(images.Length, answers.Length);
        foreach (var answer in answers)
        {
            var row = stored[answer.GetProperty("file").GetString()!];
            Assert.Equal(answer.GetProperty("class").GetString() ?? "NULL", row.Class);
            Assert.Equal(answer.GetProperty("confidence").GetDouble(), row.Confidence, 1e-4);
        }
    }

    private static ChildProcess StartWorker(Factory factory) =>
        factory.StartWorker(("Images__Roots__0", RealPartsFactAttribute.TestImages), ("Model__Verify", "false"));

    private static async Task<string> RunAsync(string arguments, Factory factory)
    {
        using var process = ChildProcess.StartWorker(
            arguments, (
                "ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix), ("Inference__Device", "cpu"));
        Assert.Equal(0, await process.ExitAsync(TimeSpan.FromMinutes(10)));
        return process.Text;
    }
}
