using PartsWorker.Bench.Costs;
using PartsWorker.Inference;

namespace PartsWorker.Tests.Bench.Costs;

public sealed class CostedModelTests
{
    [Theory]
    [InlineData(PrecisionSetting.Int8, ExecutionDevice.Cpu)]
    [InlineData(PrecisionSetting.Fp16, ExecutionDevice.Cuda)]
    [InlineData(PrecisionSetting.Fp32, ExecutionDevice.Cuda)]
    public void Int8_is_measured_on_the_cpu_of_a_machine_with_a_gpu(PrecisionSetting precision, ExecutionDevice device)
    {
        var options = new CostedModel("real", "/models/real/1", precision).On(new() { Device = ExecutionDevice.Cuda, DeviceId = 1 });
        Assert.Equal((precision, device, 1), (options.Precision, options.Device, options.DeviceId));
    }
}
