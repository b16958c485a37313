namespace PartsWorker.Serving;

/// <summary>Bundles on disk, or fakes in tests.</summary>
internal interface IModelLibrary
{
    /// <exception cref="Bundles.Bundle.BundleException">The bundle is missing, altered or wrong; one line.</exception>
    IServedModel Load(string folder);

    /// <exception cref="Bundles.Bundle.BundleException">
    /// The key is not of the form <c>name@version</c>, or its bundle is missing, altered or wrong; one line.
    /// </exception>
    IServedModel LoadKey(string key);
}
