namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Damages files at random places.</summary>
internal static class BrokenFiles
{
    public static byte[] Damage(byte[] seed, Random random)
    {
        var file = (byte[])seed.Clone();
        for (var n = random.Next(1, 20); n > 0; n--)
        {
            // Half of the hits go to the header, where they have most effect.
            file[random.Next(random.Next(2) == 0 ? Math.Min(400, file.Length) : file.Length)] = (byte)random.Next(256);
        }

        return random.Next(5) == 0 ? file[..random.Next(file.Length)] : file;
    }
}
