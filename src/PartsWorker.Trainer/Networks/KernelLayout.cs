namespace PartsWorker.Trainer.Networks;

/// <summary>Converts kernels between PyTorch's [Co,Ci,k,k] and [Co,k,k,Ci], the layout for small maps.</summary>
internal static class KernelLayout
{
    public static float[] ToPublished(ParameterSpec spec, float[] stored) =>
        spec.ChannelsLast ? Swap(stored, spec.Shape[0], spec.Shape[2] * spec.Shape[3], spec.Shape[1]) : stored;

    public static float[] ToStored(ParameterSpec spec, float[] published) =>
        spec.ChannelsLast ? Swap(published, spec.Shape[0], spec.Shape[1], spec.Shape[2] * spec.Shape[3]) : published;

    // [outer, rows, columns] to [outer, columns, rows].
    private static float[] Swap(float[] data, int outer, int rows, int columns)
    {
        var result = new float[data.Length];
        for (var o = 0; o < outer; o++)
        {
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    result[(((o * columns) + c) * rows) + r] = data[(((o * rows) + r) * columns) + c];
                }
            }
        }

        return result;
    }
}
