using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartsWorker.Board;
using PartsWorker.Board.Images;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Hosting;
using PartsWorker.References;
using PartsWorker.Tests.Web;

namespace PartsWorker.Tests.Board;

public sealed class BoardImagesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("board-images-");
    private readonly ServiceProvider _services;
    private readonly ImageRenderer _renderer = new(new DecodeLimits());
    private readonly BoardDatabase _database = new(NpgsqlDataSource.Create("Host=127.0.0.1"));
    private readonly BoardImages _images;

    public BoardImagesTests()
    {
        _services = new ServiceCollection().AddLogging().AddImages()
            .AddSingleton(References.Some.Options(o => (o.Roots, o.Attempts) = ([_folder.FullName], 1)))
            .AddSingleton(new RecordingDialer().Dialer)
            .BuildServiceProvider();
        _images = new(_database, _services.GetRequiredService<ImageFetcher>(), _renderer, new BoardOptions());
    }

    [Fact]
    public async Task A_file_that_was_written_again_is_not_shown_for_the_image_that_it_held_before()
    {
        var (before, after) = (Jpeg(new(40, 20)), Jpeg(new(20, 40)));
        var first = await ShowAsync(before, file: before);
        var second = await ShowAsync(after, file: after);
        var gone = await ShowAsync(Jpeg(new(30, 30)), file: after);

        Assert.False(first.IsMissing);
        Assert.False(second.IsMissing);
        Assert.NotEqual(first.Content, second.Content);
        Assert.True(gone.IsMissing);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _images.Dispose();
        _renderer.Dispose();
        await _database.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static byte[] Jpeg(ImageSize size) => JpegFile.Encode(new byte[size.Pixels * 3], size, quality: 90);

    private async Task<BoardImage> ShowAsync(byte[] published, byte[] file)
    {
        var path = Path.Combine(_folder.FullName, "part.jpg");
        await File.WriteAllBytesAsync(path, file);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(published));
        return await _images.GetAsync(new Uri(path).AbsoluteUri, sha256, ImageView.Thumb, CancellationToken.None);
    }
}
