using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.Inference;

namespace PartsWorker.Hosting;

/// <summary>One line for every error in the configuration; null for any other error.</summary>
internal static class StartErrors
{
    public static string? Explain(Exception error) => error switch
    {
        UserErrorException => error.Message,
        BundleException or DeviceUnavailableException or RabbitConnectionException => error.Message,
        OptionsValidationException invalid => string.Join(' ', invalid.Failures.Select(failure => FailureLine(invalid, failure))),
        InvalidOperationException when error.Source == typeof(ConfigurationBinder).Assembly.GetName().Name => error.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"Health:Port is taken: {error.Message.TrimEnd('.')}; choose another, or 0 for none",
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    private static string FailureLine(OptionsValidationException invalid, string failure) =>
        failure.Split("with the error: '") is [_, var rule]
            ? $"{invalid.OptionsType.Name.Replace("Options", "", StringComparison.Ordinal)}: {rule.TrimEnd('.', '\'')}."
            : failure;
}
