using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Calibration;

/// <summary>A detector and the shares of the unknown images that it accepts, 0..1, on the images that it was fitted on.</summary>
internal sealed record FittedDetector(UnknownDetector Detector, double RemovedAccepted, double JunkAccepted);
