package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Consumer;

/** The steps of a training: batch by batch, epoch by epoch, at a learning rate that rises once and then falls. */
final class TrainingLoop {
    // Parts of a batch; each keeps one core busy. Changing it changes every result.
    private static final int PARTS = 4;
    private static final int WARM_UP_RUNS = 3;
    private static final double WARM_UP_SHARE = 0.05;

    @FunctionalInterface
    interface AfterEpoch {
        void accept(int epochsDone) throws IOException;
    }

    private final FloatMatrix images;
    private final int width;
    private final int height;
    private final FloatMatrix targets;
    private final TrainingOptions options;
    private final Consumer<EncoderTraining.Progress> progress;

    /** @param targets what to learn of each image, or null without a teacher */
    TrainingLoop(
            FloatMatrix images,
            int width,
            int height,
            FloatMatrix targets,
            TrainingOptions options,
            Consumer<EncoderTraining.Progress> progress) {
        this.images = images;
        this.width = width;
        this.height = height;
        this.targets = targets;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Trains a network.
     *
     * @param workers each runs one part of a batch at a time
     * @param firstEpoch the epoch to begin with, from 0
     * @param afterEpoch called after each epoch but the last
     * @return the mean losses of the last epoch: distillation, contrast
     */
    double[] run(TrainingNetwork network, AdamW optimizer, WorkerPool workers, int firstEpoch, AfterEpoch afterEpoch)
            throws IOException {
        int batch = (int) Math.min(options.schedule().batchSize(), images.rows());
        int parts = Math.min(PARTS, Math.max(1, batch / TrainingOptions.SMALLEST_BATCH));
        int share = batch / parts;
        int steps = (int) (images.rows() / ((long) share * parts));
        double[] losses = new double[2];
        try (Arena arena = Arena.ofShared()) {
            TrainingPart[] all = new TrainingPart[parts];
            for (int p = 0; p < parts; p++) {
                all[p] = new TrainingPart(network, options, images, width, height, targets, share, arena);
            }
            // PyTorch watches a program's first runs and plans the later ones by them: here, one after the other.
            for (int i = 0; i < WARM_UP_RUNS; i++) {
                all[0].run(SeededDraws.permutation(Math.toIntExact(images.rows()), 0), 0, 0);
            }
            for (int epoch = firstEpoch; epoch < options.schedule().epochs(); epoch++) {
                losses = epoch(network, optimizer, all, share, steps, epoch, workers);
                if (epoch + 1 < options.schedule().epochs()) {
                    afterEpoch.accept(epoch + 1);
                }
            }
        }
        return losses;
    }

    private double[] epoch(
            TrainingNetwork network,
            AdamW optimizer,
            TrainingPart[] parts,
            int share,
            int steps,
            int epoch,
            WorkerPool workers) {
        long start = System.nanoTime();
        long seed = SeededDraws.mix(options.seed(), epoch);
        int[] order = SeededDraws.permutation(Math.toIntExact(images.rows()), seed);
        float[] gradient = new float[network.parameters().floats()];
        double[] sums = new double[2];
        for (int step = 0; step < steps; step++) {
            int first = step * parts.length * share;
            workers.run(parts.length, (p, worker) -> parts[p].run(order, first + p * share, seed));
            Arrays.fill(gradient, 0);
            for (TrainingPart part : parts) {
                float[] of = part.gradient();
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += of[i] / parts.length;
                }
                network.follow(part.means(), part.variances());
                sums[0] += part.distillation() / parts.length;
                sums[1] += part.contrast() / parts.length;
            }
            InvalidInputException.require(
                    Double.isFinite(sums[0]) && Double.isFinite(sums[1]),
                    "the training diverged in step %d of epoch %d at a learning rate of %s: a lower one may hold",
                    step + 1,
                    epoch + 1,
                    options.schedule().learningRate());
            long all = (long) steps * options.schedule().epochs();
            optimizer.step(gradient, rate((long) epoch * steps + step, all));
            long done = (long) (step + 1) * parts.length * share;
            progress.accept(new EncoderTraining.Progress(
                    epoch,
                    done,
                    (long) steps * parts.length * share,
                    perSecond(done, start),
                    sums[0] / (step + 1),
                    sums[1] / (step + 1)));
        }
        return new double[] {sums[0] / steps, sums[1] / steps};
    }

    private double rate(long step, long steps) {
        double warmUp = Math.max(1, steps * WARM_UP_SHARE);
        double cosine = 0.5 + 0.5 * Math.cos(Math.PI * step / steps);
        return options.schedule().learningRate() * Math.min(1, (step + 1) / warmUp) * cosine;
    }

    static double perSecond(long images, long start) {
        return images / Math.max(1e-9, (System.nanoTime() - start) / 1e9);
    }
}
