namespace PartsWorker.Inference.Tests.Support;

/// <summary>
/// Runs only where the model that PyTorch trained and judged lies beside the checkout, in ../shared/reference; says so otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute()
    {
        if (!Directory.Exists(PyTorchModel.Folder))
        {
            Skip = "../shared/reference is not there: the comparison with what PyTorch recorded is left out";
        }
    }
}
