using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Comparing;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Inference;
using PartsWorker.References;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary><c>models diff name@version:fp32 name@version:int8</c>: classifies images again in two precisions of one bundle.</summary>
internal static class ModelsDiffPrecisions
{
    /// <summary>Whether an argument names a precision.</summary>
    public static bool IsPrecision(string argument) => argument.Contains(':', StringComparison.Ordinal);

    public static async Task<ModelDiff> ReadAsync(
        Settings settings,
        NpgsqlDataSource source,
        (string A, string B) names,
        (DateTimeOffset From, DateTimeOffset To) window,
        (int Images, int Examples) limits,
        CancellationToken cancellationToken)
    {
        var (key, first) = Parse(names.A);
        var (other, second) = Parse(names.B);
        if (key != other)
        {
            throw new UserErrorException($"{names.A} and {names.B}: two precisions must be of one bundle");
        }

        var reader = new PrecisionDiffReader(source, window.From, window.To, limits.Images);
        var images = await reader.SampleAsync(cancellationToken);
        using var services = LocalModels.Build(settings);
        using var a = Load(services, key, first);
        using var b = Load(services, key, second);
        var options = ReportRoots.Complete(
            CommandOptions.Read<ImageOptions>(settings.Load(), ImageOptions.Section), images.Select(image => image.Uri));
        await using var storage = ImageServices.Create(options);
        var answers = await reader.ClassifyAsync(images, storage.GetRequiredService<ImageFetcher>(), a, b, cancellationToken);
        if (reader.NotRead is { Count: > 0 } missing)
        {
            await Console.Error.WriteLineAsync($"partsworker: {missing.Count} of {images.Count} images left out: {missing.Reason}");
        }

        return PrecisionDiff.Of(names, window, answers, limits.Examples);
    }

    private static (string Key, PrecisionSetting Precision) Parse(string name) =>
        name.Split(':') is [var key, var precision] && Enum.TryParse<PrecisionSetting>(precision, ignoreCase: true, out var setting)
            && setting != PrecisionSetting.Auto
            ? (key, setting)
            : throw new UserErrorException($"{name}: expected name@version:fp32, :fp16 or :int8");

    private static ServedModel Load(ServiceProvider services, string key, PrecisionSetting precision)
    {
        try
        {
            return ServedModel.Load(
                services.GetRequiredService<ModelFolders>().FolderOf(key),
                services.GetRequiredService<DecoderChoice>(),
                services.GetRequiredService<DecodeLimits>(),
                services.GetRequiredService<InferenceOptions>().In(precision),
                verify: true,
                NullLogger.Instance);
        }
        catch (BundleException error)
        {
            throw new UserErrorException(error.Message, exitCode: 1, error);
        }
    }
}
