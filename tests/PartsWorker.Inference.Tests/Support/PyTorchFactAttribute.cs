namespace PartsWorker.Inference.Tests.Support;

/// <summary>
/// Runs only if the model that PyTorch trained and ran is in ../shared/reference beside the checkout; otherwise skipped with a reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute()
    {
        if (!Directory.Exists(PyTorchModel.Folder))
        {
            Skip = "../shared/reference does not exist, so there are no PyTorch outputs to compare with";
        }
    }
}
