using System.Diagnostics;
using PartsWorker.Failures;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Files;

/// <summary>File references that point outside the roots: each is refused for its own reason, before a file is opened.</summary>
public sealed class HostileFileReferenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images-").FullName;
    private readonly string _root;
    private readonly TestFetcher _fetcher;

    public HostileFileReferenceTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        File.WriteAllText(Path.Combine(_folder, "secret.jpg"), "secret");
        File.WriteAllText(Path.Combine(_root, "part.jpg"), "pixels");
        _fetcher = Some.Fetcher(Some.Options(o => o.Roots = [_root]));
    }

    public void Dispose()
    {
        _fetcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/../secret.jpg", "'.' and '..'")]
    [InlineData("/./part.jpg", "'.' and '..'")]
    [InlineData("/a/../../secret.jpg", "'.' and '..'")]
    [InlineData("/%2e%2e/secret.jpg", "'.' and '..'")]
    [InlineData("/.%2E/secret.jpg", "'.' and '..'")]
    [InlineData("/%252e%252e/secret.jpg", "doubly percent-encoded")]
    [InlineData("/%25252e%25252e/secret.jpg", "doubly percent-encoded")]
    [InlineData("/..%2fsecret.jpg", "percent-encoded '/'")]
    [InlineData("/..%5csecret.jpg", "backslash")]
    [InlineData("/..\\secret.jpg", "backslash")]
    [InlineData("/%c0%ae%c0%ae/secret.jpg", "not valid UTF-8")]
    [InlineData("/..%c0%afsecret.jpg", "not valid UTF-8")]
    [InlineData("/a%252fb.jpg", "doubly percent-encoded")]
    [InlineData("/\u2026/secret.jpg", "look-alikes")]
    [InlineData("/%E2%80%A5/secret.jpg", "look-alikes")]
    [InlineData("/\uFF0E\uFF0E/secret.jpg", "look-alikes")]
    [InlineData("/..\u2215secret.jpg", "look-alikes")]
    [InlineData("/part.jpg%00.png", "NUL")]
    [InlineData("/part.jpg%0a", "control characters")]
    [InlineData("/part.jpg?x=1", "'?' and '#'")]
    [InlineData("/part.jpg#x", "'?' and '#'")]
    [InlineData("/%zz/part.jpg", "two hexadecimal digits")]
    [InlineData("/part.jpg%2", "two hexadecimal digits")]
    [InlineData("//part.jpg", "'//'")]
    public async Task Every_spelling_of_somewhere_else_is_refused(string tail, string reason)
    {
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}{tail}");
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file://server/share/part.jpg", "names no host")]
    [InlineData("file://localhost/etc/passwd", "names no host")]
    [InlineData("file:////server/share/part.jpg", "'//'")]
    [InlineData("file:///etc/passwd", "outside the allowed folders")]
    [InlineData("FILE:///etc/passwd", "outside the allowed folders")]
    [InlineData("file:///proc/self/environ", "outside the allowed folders")]
    [InlineData("file:/etc/passwd", "write file:///path")]
    [InlineData("/etc/passwd", "write file:///path")]
    [InlineData("etc/passwd", "write file:///path")]
    [InlineData(@"\\server\share\part.jpg", "write file:///path")]
    [InlineData("C:\\part.jpg", "write file:///path")]
    [InlineData("ftp://host/part.jpg", "write file:///path")]
    [InlineData("data:image/png;base64,AAAA", "write file:///path")]
    [InlineData("", "write file:///path")]
    public async Task Anything_but_a_plain_local_path_below_a_root_is_refused(string uri, string reason)
    {
        var failure = await Some.FailureAsync(_fetcher, uri);
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_whose_name_only_begins_like_a_root_is_outside()
    {
        Directory.CreateDirectory(_root + "-other");
        File.WriteAllText(_root + "-other/part.jpg", "pixels");
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}-other/part.jpg");
        Assert.Contains("outside the allowed folders", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link.jpg", "../secret.jpg", "link.jpg")]
    [InlineData("folder", "..", "folder/secret.jpg")]
    public async Task A_link_that_leads_out_is_refused(string link, string target, string reference)
    {
        File.CreateSymbolicLink(Path.Combine(_root, link), target);
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}/{reference}");
        Assert.Equal(FailureKind.ForbiddenReference, failure.Kind);
        Assert.Contains("a link leads out", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_of_links_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "circle.jpg"), "circle.jpg");
        var failure = await Some.FailureAsync(_fetcher, $"file://{_root}/circle.jpg");
        Assert.Contains("circle", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_a_folder_and_a_device_are_refused_without_waiting()
    {
        using (var made = Process.Start("mkfifo", Path.Combine(_root, "pipe.jpg")))
        {
            await made.WaitForExitAsync();
        }

        Directory.CreateDirectory(Path.Combine(_root, "folder.jpg"));
        using var devices = Some.Fetcher(Some.Options(o => o.Roots = ["/dev"]));
        foreach (var failure in new[]
        {
            await Some.FailureAsync(_fetcher, $"file://{_root}/pipe.jpg"),
            await Some.FailureAsync(_fetcher, $"file://{_root}/folder.jpg"),
            await Some.FailureAsync(devices, "file:///dev/zero"),
        })
        {
            Assert.Equal(FailureKind.ForbiddenReference, failure.Kind);
            Assert.Contains("not a regular file", failure.Message, StringComparison.Ordinal);
        }
    }
}
