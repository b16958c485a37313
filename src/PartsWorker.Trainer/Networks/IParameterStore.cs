using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>The differences between the training graph and the inference graph of a network.</summary>
internal interface IParameterStore
{
    Value Parameter(ParameterSpec spec);

    Value Normalize(Ops ops, Value x, Value scale, Value shift, string name, float epsilon);

    Value Mask(Ops ops, Value x, int[] shape, float rate);
}
