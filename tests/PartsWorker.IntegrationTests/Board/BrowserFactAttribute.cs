namespace PartsWorker.IntegrationTests.Board;

/// <summary>
/// Runs only where Chromium is installed (deploy/test.sh installs it if it may); otherwise it is skipped with a reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium is null)
        {
            Skip = "Chromium is not installed (Debian: apt-get install chromium): the pages are not tried in a browser";
        }
    }

    public static string? Chromium { get; } =
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
}
