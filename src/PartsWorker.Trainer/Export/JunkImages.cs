using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Synthesis.Junk;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Images that show no part, for the unknown detector: a folder of the user, or drawn images in a temporary folder.
/// </summary>
internal sealed class JunkImages : IDisposable
{
    private const int Drawn = 340;
    private const int Seed = 7001;
    private readonly string? _scratch;

    /// <param name="folder">Folder with images; null = draw them.</param>
    /// <exception cref="UserErrorException">The folder does not exist or contains no images.</exception>
    public JunkImages(string? folder)
    {
        if (folder is null)
        {
            folder = _scratch = Directory.CreateTempSubdirectory("partstrainer-junk-").FullName;
            new JunkSet(Drawn, Seed, Environment.ProcessorCount).Write(folder);
        }

        Images = JunkFolder.Open(folder);
    }

    public IReadOnlyList<LabeledImage> Images { get; }

    public void Dispose()
    {
        if (_scratch is not null)
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }
}
