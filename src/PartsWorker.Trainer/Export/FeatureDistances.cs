using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// How far the features x of an image are from those of the training images; images that show no part are far also where color and shape
/// are predicted with confidence. With d = x - mean over all training images:
/// <list type="bullet">
/// <item>residual: the share of x outside the principal directions V of the training features, <c>|d - V V^T d| / |x|</c>
/// (Wang et al. 2022, "ViM").</item>
/// <item>mahalanobis: the smallest Mahalanobis distance to the mean of a class, with one covariance for all classes
/// (Lee et al. 2018).</item>
/// <item>relative: the square of that distance, minus the square of the Mahalanobis distance to the mean over all images with the
/// covariance of all images, divided by F (Ren et al. 2021, "A simple fix to Mahalanobis distance for improving near-OOD detection").
/// Directions that do not tell classes apart cancel out. It is below 0 for images that fit a class better than the whole.</item>
/// </list>
/// </summary>
internal sealed class FeatureDistances
{
    /// <summary>Added to the squared length of the features, which may all be 0.</summary>
    public const float Tiny = 1e-12f;

    private const int MostDirections = 192;

    // Share of the mean variance that is added to every direction, because a class has fewer images than the features have numbers.
    private const double Ridge = 0.05;

    // Share of the variance over all images: with one image per class, the variance within the classes is 0.
    private const double SmallestRidge = 1e-4;

    /// <summary>Names of the distances, in the order of the output.</summary>
    public static IReadOnlyList<string> Names { get; } = ["residual", "mahalanobis", "relative"];

    /// <summary>The distances that depend on the classes of the bundle.</summary>
    public static IReadOnlyList<string> ByClass { get; } = ["mahalanobis", "relative"];

    /// <summary>[F]</summary>
    public required float[] Mean { get; init; }

    /// <summary>Unit vectors [K][F].</summary>
    public required float[][] Directions { get; init; }

    /// <summary>
    /// Rows [F][F] of the matrix that makes the covariance within the classes the identity, and the covariance of all images diagonal.
    /// </summary>
    public required float[][] Whitening { get; init; }

    /// <summary>[F]: variance of all images along each row of <see cref="Whitening"/>.</summary>
    public required float[] Variances { get; init; }

    /// <summary>Whitened class means [C][F].</summary>
    public required float[][] ClassMeans { get; init; }

    /// <summary>Class of each mean.</summary>
    public required int[] Classes { get; init; }

    /// <param name="training">Outputs for the training images.</param>
    public static FeatureDistances Fit(IReadOnlyList<ImageOutputs> training) =>
        Fit([.. training.Select(t => t.Features)], [.. training.Select(t => t.ClassId)]);

    /// <param name="features">Features of the training images, [images][F].</param>
    /// <param name="classes">Class of each image.</param>
    public static FeatureDistances Fit(IReadOnlyList<float[]> features, IReadOnlyList<int> classes)
    {
        var x = Matrix<double>.Build.Dense(features.Count, features[0].Length, (i, j) => features[i][j]);
        var mean = x.ColumnSums() / x.RowCount;
        var centered = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] - mean[j]);
        var ids = classes.Distinct().Order().ToArray();
        var classMeans = ids.Select(id => MeanOf(centered, classes, id)).ToArray();
        var at = ids.Index().ToDictionary(c => c.Item, c => c.Index);
        var within = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => centered[i, j] - classMeans[at[classes[i]]][j]);
        var total = Covariance(centered);
        var (whitening, variances) = Whiten(Covariance(within), total);
        return new()
        {
            Mean = Floats(mean),
            Directions = PrincipalDirections(total),
            Whitening = [.. whitening.EnumerateRows().Select(Floats)],
            Variances = Floats(variances),
            ClassMeans = [.. classMeans.Select(m => Floats(whitening * m))],
            Classes = ids,
        };
    }

    /// <summary>The distances with the mean of a class that was not trained on, or a further mean of a known class.</summary>
    /// <param name="classId">The class.</param>
    /// <param name="features">Features of its images.</param>
    public FeatureDistances With(int classId, IReadOnlyList<float[]> features)
    {
        var mean = new float[Mean.Length];
        foreach (var f in features)
        {
            TensorPrimitives.Add(mean, f, mean);
        }

        TensorPrimitives.Divide(mean, features.Count, mean);
        return Copy([.. ClassMeans, Whiten(mean)], [.. Classes, classId]);
    }

    /// <summary>The distances without some classes, and with other ids for the rest.</summary>
    /// <param name="newIds">New id of each class to keep.</param>
    public FeatureDistances Keep(IReadOnlyDictionary<int, int> newIds)
    {
        int[] kept = [.. Enumerable.Range(0, Classes.Length).Where(c => newIds.ContainsKey(Classes[c]))];
        return Copy([.. kept.Select(c => ClassMeans[c])], [.. kept.Select(c => newIds[Classes[c]])]);
    }

    /// <summary>The distances of one image; the same computation as in the graph.</summary>
    /// <param name="features">Features of the image.</param>
    /// <param name="removed">Classes whose mean is ignored; null = none.</param>
    public float[] Of(float[] features, Predicate<int>? removed = null)
    {
        var d = Center(features);
        float[] along = [.. Directions.Select(v => TensorPrimitives.Dot<float>(v, d))];
        var outside = TensorPrimitives.SumOfSquares<float>(d) - TensorPrimitives.SumOfSquares<float>(along);
        var residual = MathF.Sqrt(MathF.Max(0, outside) / (TensorPrimitives.SumOfSquares<float>(features) + Tiny));
        var white = Whiten(features);
        var nearest = ClassMeans.Where((_, c) => removed?.Invoke(Classes[c]) != true).Min(m => TensorPrimitives.Distance<float>(m, white));
        var fromAll = white.Zip(Variances, (w, variance) => w * w / variance).Sum();
        return [residual, nearest, ((nearest * nearest) - fromAll) / white.Length];
    }

    private float[] Center(float[] features)
    {
        var d = new float[features.Length];
        TensorPrimitives.Subtract(features, Mean, d);
        return d;
    }

    private float[] Whiten(float[] features)
    {
        var d = Center(features);
        return [.. Whitening.Select(row => TensorPrimitives.Dot<float>(row, d))];
    }

    private FeatureDistances Copy(float[][] classMeans, int[] classes) => new()
    {
        Mean = Mean,
        Directions = Directions,
        Whitening = Whitening,
        Variances = Variances,
        ClassMeans = classMeans,
        Classes = classes,
    };

    private static Vector<double> MeanOf(Matrix<double> centered, IReadOnlyList<int> classes, int id)
    {
        var sum = Vector<double>.Build.Dense(centered.ColumnCount);
        var count = 0;
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i] == id)
            {
                sum += centered.Row(i);
                count++;
            }
        }

        return sum / count;
    }

    private static Matrix<double> Covariance(Matrix<double> x) => x.TransposeThisAndMultiply(x) / Math.Max(1, x.RowCount - 1);

    private static float[][] PrincipalDirections(Matrix<double> covariance)
    {
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var size = covariance.RowCount;
        // The eigenvalues come in ascending order.
        return [.. Enumerable.Range(1, Math.Min(MostDirections, size / 2)).Select(k => Floats(eigen.EigenVectors.Column(size - k)))];
    }

    // Rotating a whitened space keeps its distances, so one matrix serves both covariances. Both get the same ridge.
    private static (Matrix<double> Whitening, Vector<double> Variances) Whiten(Matrix<double> within, Matrix<double> total)
    {
        var size = within.RowCount;
        var ridge = (Ridge * within.Trace() / size) + (SmallestRidge * total.Trace() / size) + Tiny;
        var eigen = within.Evd(Symmetricity.Symmetric);
        var scales = eigen.EigenValues.Map(e => 1 / Math.Sqrt(Math.Max(0, e.Real) + ridge));
        var whitening = Matrix<double>.Build.DenseOfDiagonalVector(scales) * eigen.EigenVectors.Transpose();
        var ridged = total + (ridge * Matrix<double>.Build.DenseIdentity(size));
        var all = (whitening * ridged * whitening.Transpose()).Evd(Symmetricity.Symmetric);
        return (all.EigenVectors.Transpose() * whitening, all.EigenValues.Map(e => Math.Max(SmallestRidge, e.Real)));
    }

    private static float[] Floats(Vector<double> vector) => [.. vector.Select(v => (float)v)];
}
