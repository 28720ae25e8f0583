package io.heddle.cluster.consensus;

import io.heddle.cluster.KMeans;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** One restart: a head with its random numbers and its state. */
final class HeadTraining implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();
    private static final TrainingKernels TRAINING = Simd.trainingKernels();

    final ConsistencyHead head;
    private final RandomGenerator random;
    private final int number;
    private double loss = Double.POSITIVE_INFINITY;

    /** @param inputs columns of the rows, the constant included */
    HeadTraining(int number, int inputs, NeighborClustering.Options options) {
        this.number = number;
        // Random streams of different heads and seeds must differ; multiplication by an odd constant ensures this.
        long seed = (options.seed() * 0x9E3779B97F4A7C15L) + number;
        random = RandomGeneratorFactory.of(KMeans.RANDOM).create(seed);
        head = new ConsistencyHead(inputs, options.head().hidden(), options.clusters(), random);
    }

    int number() {
        return number;
    }

    /** The loss at the last evaluation. */
    double loss() {
        return loss;
    }

    /**
     * Trains one epoch: all rows in random order, each paired with one of its neighbours.
     *
     * @param neighbors of each row, {@code count} numbers
     */
    void epoch(FloatMatrix x, int[] neighbors, int count, NeighborClustering.Head options, HeadScratch scratch) {
        int n = (int) x.rows();
        int[] anchors = shuffled(n);
        int[] partners = partners(anchors, neighbors, count);
        int batches = Math.ceilDiv(n, options.batchSize());
        for (int b = 0; b < batches; b++) {
            WorkerPool.checkInterrupted();
            int from = (int) ((long) n * b / batches);
            int to = (int) ((long) n * (b + 1) / batches);
            head.accumulate(x, anchors, partners, from, to, options.entropyWeight(), scratch);
            head.step(options.learningRate(), options.weightDecay());
        }
    }

    /** A random neighbour of each row. */
    private int[] partners(int[] rows, int[] neighbors, int count) {
        int[] partners = new int[rows.length];
        for (int i = 0; i < partners.length; i++) {
            partners[i] = neighbors[rows[i] * count + random.nextInt(count)];
        }
        return partners;
    }

    /** Trains one epoch on given cluster probabilities, with the rows in random order. */
    void imitate(FloatMatrix x, FloatMatrix shares, NeighborClustering.Head options, HeadScratch scratch) {
        int n = (int) x.rows();
        int[] order = shuffled(n);
        int batches = Math.ceilDiv(n, options.batchSize());
        for (int b = 0; b < batches; b++) {
            WorkerPool.checkInterrupted();
            int from = (int) ((long) n * b / batches);
            int to = (int) ((long) n * (b + 1) / batches);
            head.imitate(x, order, from, to, shares, scratch);
            head.step(options.learningRate(), options.weightDecay());
        }
    }

    private int[] shuffled(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** Computes the probabilities of all rows, and the loss over all pairs of a row and a neighbour. */
    void evaluate(
            FloatMatrix x, int[] neighbors, int count, double entropyWeight, HeadScratch scratch, FloatMatrix out) {
        int n = (int) x.rows();
        head.prepare(scratch);
        double[] sums = new double[(int) out.stride()];
        for (int row = 0; row < n; row += ConsistencyHead.BLOCK) {
            WorkerPool.checkInterrupted();
            int end = Math.min(n, row + ConsistencyHead.BLOCK);
            head.forward(x, row, end, scratch, out, row);
            addToSums(out, row, end, sums);
        }
        double[] mean = Arrays.copyOf(sums, out.columns());
        double disagreement = disagreement(out, neighbors, count);
        loss = disagreement / ((double) n * count) - entropyWeight * ConsistencyHead.entropy(mean, n);
    }

    private static void addToSums(FloatMatrix probabilities, int from, int to, double[] sums) {
        for (int i = from; i < to; i++) {
            KERNELS.addToSums(probabilities.segment(), probabilities.offset(i), sums.length, sums, 0);
        }
    }

    /** Σ −log of the agreements of all rows with their neighbours. */
    private static double disagreement(FloatMatrix probabilities, int[] neighbors, int count) {
        double disagreement = 0;
        float[] agreements = new float[count];
        int padded = (int) probabilities.stride();
        for (int i = 0; i < probabilities.rows(); i++) {
            TRAINING.agreements(
                    probabilities.segment(),
                    i,
                    probabilities.offset(1),
                    padded,
                    neighbors,
                    i * count,
                    count,
                    agreements);
            disagreement += ConsistencyHead.disagreement(agreements, count);
        }
        return disagreement;
    }

    @Override
    public void close() {
        head.close();
    }
}
