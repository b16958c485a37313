using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;

namespace PartsWorker.Inference.Tests.Support;

/// <summary>A bundle of the repository, loaded once for all tests of a class.</summary>
public sealed class RepositoryModel() : LoadedModel(ModelBundle.Open(Repository.Bundle));
