using Microsoft.Extensions.Options;

namespace PartsWorker.References;

/// <summary>The timeouts of section <c>Images</c> must nest; each range alone cannot express that.</summary>
internal sealed class TimeoutsValidator : IValidateOptions<ImageOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageOptions options) =>
        options.ReadTimeout <= options.AttemptTimeout && options.AttemptTimeout <= options.TotalTimeout
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Images: ReadTimeout <= AttemptTimeout <= TotalTimeout must hold.");
}
