using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PartsWorker.Tests.Web;

/// <summary>The little of S3 that reading needs: path-style GET of an object, signed by a known key, errors as XML.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeS3(WebApplication app) => _app = app;

    public Dictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public (int Status, string Code)? Trouble { get; set; }

    public int Requests { get; private set; }

    /// <summary>The secret as a file with a last line break, as a mounted secret has it.</summary>
    public string SecretFile { get; } = Path.GetTempFileName();

    public string Endpoint => _app.Urls.First();

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeS3(builder.Build());
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        await File.WriteAllTextAsync(fake.SecretFile, "secret\n");
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(SecretFile);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests++;
        var authorization = context.Request.Headers.Authorization.ToString();
        var signed = authorization.StartsWith("AWS4-HMAC-SHA256 Credential=key-id/", StringComparison.Ordinal);
        var trouble = signed ? Trouble : (403, "InvalidAccessKeyId");
        if (trouble is null && Objects.TryGetValue(context.Request.Path.Value![1..], out var content))
        {
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content);
            return;
        }

        var (status, code) = trouble ?? (404, "NoSuchKey");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message><RequestId>1</RequestId></Error>");
    }
}
