package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Consumer;

/** Runs the steps of a training, with a learning rate that first rises and then falls. */
final class TrainingLoop {
    // Number of parts of a batch, processed in parallel. Changing it changes all results.
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

    /** @param targets targets of the images, or null without a teacher */
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
     * @param workers threads for the parts of a batch
     * @param firstEpoch the first epoch, from 0
     * @param afterEpoch called after each epoch except the last
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
            // PyTorch profiles the first runs of a program to optimize it, so the first runs are sequential.
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
                    "the training diverged in step %d of epoch %d at a learning rate of %s: use a lower one",
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
