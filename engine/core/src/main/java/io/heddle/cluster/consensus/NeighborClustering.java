package io.heddle.cluster.consensus;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Neighbour clustering: finds clusters on which each row agrees with its nearest neighbours.
 *
 * <p>A head, a perceptron with one hidden layer and a softmax over the clusters, is trained so that rows and their
 * neighbours get the same cluster (−log of the inner product of their probabilities) while all clusters are used
 * (entropy of the mean probabilities). After Van Gansbeke et al., "SCAN: learning to classify images without labels",
 * ECCV 2020. Heads converge to different optima, which are ranked by their loss. Many heads are trained for a few
 * epochs, a few successors start from their consensus ({@link Restarts}), the best of these vote, and the votes are
 * smoothed along the graph of mutual neighbours.
 *
 * <p>O(n² · d) for the neighbours and O(n · d · hidden) for each epoch of each head; heads are trained in parallel,
 * each on one thread. The same data, options and seed give the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="ClusterExamplesTest.java" region="neighbor-clustering"}
 */
public final class NeighborClustering {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int BLOCK = 256;

    private NeighborClustering() {}

    /**
     * The options of a head and its training.
     *
     * @param hidden units, 1 to 4096
     * @param inputScale factor for rows, usually of unit length, before the first layer
     * @param entropyWeight weight of the entropy of the mean probabilities in the loss
     * @param learningRate of Adam
     * @param weightDecay added to the gradient, times the weights
     * @param batchSize pairs in a step, 1 to 2²⁰
     */
    public record Head(
            int hidden,
            double inputScale,
            double entropyWeight,
            double learningRate,
            double weightDecay,
            int batchSize) {
        private static final int MAXIMUM_HIDDEN = 4096;
        private static final int LARGEST_BATCH = 1 << 20;

        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one is out of range
         */
        public Head {
            require(
                    hidden >= 1 && hidden <= MAXIMUM_HIDDEN,
                    "a head has 1 to %d units, not %d",
                    MAXIMUM_HIDDEN,
                    hidden);
            requirePositive(inputScale, "input scale");
            requireNotNegative(entropyWeight, "entropy weight");
            requirePositive(learningRate, "learning rate");
            requireNotNegative(weightDecay, "weight decay");
            require(
                    batchSize >= 1 && batchSize <= LARGEST_BATCH,
                    "a batch has 1 to %d pairs, not %d",
                    LARGEST_BATCH,
                    batchSize);
        }

        /**
         * {@return 256 units, input scale 10, entropy weight 5, learning rate 0.003, weight decay 1e-4, batches of
         * 2048}
         */
        public static Head defaults() {
            return new Head(256, 10, 5, 3e-3, 1e-4, 2048);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code hidden}
         */
        public Head withHidden(int value) {
            return new Head(value, inputScale, entropyWeight, learningRate, weightDecay, batchSize);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code inputScale}
         */
        public Head withInputScale(double value) {
            return new Head(hidden, value, entropyWeight, learningRate, weightDecay, batchSize);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code entropyWeight}
         */
        public Head withEntropyWeight(double value) {
            return new Head(hidden, inputScale, value, learningRate, weightDecay, batchSize);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code learningRate}
         */
        public Head withLearningRate(double value) {
            return new Head(hidden, inputScale, entropyWeight, value, weightDecay, batchSize);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code weightDecay}
         */
        public Head withWeightDecay(double value) {
            return new Head(hidden, inputScale, entropyWeight, learningRate, value, batchSize);
        }

        /**
         * {@return this head with another value of that name}
         *
         * @param value see the component {@code batchSize}
         */
        public Head withBatchSize(int value) {
            return new Head(hidden, inputScale, entropyWeight, learningRate, weightDecay, value);
        }

        private static void requirePositive(double value, String name) {
            require(value > 0 && Double.isFinite(value), "the %s must be a finite number above 0, not %s", name, value);
        }

        private static void requireNotNegative(double value, String name) {
            require(
                    value >= 0 && Double.isFinite(value),
                    "the %s must be a finite number of at least 0, not %s",
                    name,
                    value);
        }
    }

    /**
     * The numbers of heads, generations and votes.
     *
     * <p>A single head rarely finds the best optimum. But the errors of heads differ, so their consensus is near a
     * better optimum. Successors start from it: they are first trained on the votes of the previous generation (of the
     * better half of its heads, of all, and of numbers in between, by loss) and then on the loss.
     *
     * @param heads of the first generation, which start from random weights
     * @param epochs passes over the data of each of them
     * @param generations of successors, 0 or more
     * @param successors heads in each of these
     * @param successorEpochs passes over the data of each successor, after one in which it learns the votes
     * @param votes number of heads of the last generation, those with the lowest loss, that vote, 1 to all
     */
    public record Restarts(int heads, int epochs, int generations, int successors, int successorEpochs, int votes) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one is out of range
         */
        public Restarts {
            require(heads >= 1, "at least 1 head is needed, not %d", heads);
            require(epochs >= 1, "a head is trained for at least 1 epoch, not %d", epochs);
            require(generations >= 0, "there can be 0 or more generations, not %d", generations);
            require(successors >= 1, "a generation has at least 1 head, not %d", successors);
            require(successorEpochs >= 1, "a successor is trained for at least 1 epoch, not %d", successorEpochs);
            int last = generations > 0 ? successors : heads;
            require(votes >= 1 && votes <= last, "1 to %d heads can vote, not %d", last, votes);
        }

        /** {@return 12 heads for 2 epochs, 2 generations of 4 successors for 3, 3 votes} */
        public static Restarts defaults() {
            return new Restarts(12, 2, 2, 4, 3, 3);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code heads}
         */
        public Restarts withHeads(int value) {
            return new Restarts(value, epochs, generations, successors, successorEpochs, votes);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code epochs}
         */
        public Restarts withEpochs(int value) {
            return new Restarts(heads, value, generations, successors, successorEpochs, votes);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code generations}
         */
        public Restarts withGenerations(int value) {
            return new Restarts(heads, epochs, value, successors, successorEpochs, votes);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code successors}
         */
        public Restarts withSuccessors(int value) {
            return new Restarts(heads, epochs, generations, value, successorEpochs, votes);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code successorEpochs}
         */
        public Restarts withSuccessorEpochs(int value) {
            return new Restarts(heads, epochs, generations, successors, value, votes);
        }

        /**
         * {@return these restarts with another value of that name}
         *
         * @param value see the component {@code votes}
         */
        public Restarts withVotes(int value) {
            return new Restarts(heads, epochs, generations, successors, successorEpochs, value);
        }

        int totalEpochs() {
            return heads * epochs + generations * successors * (1 + successorEpochs);
        }
    }

    /**
     * The options of a fit.
     *
     * @param clusters to find, at least 2
     * @param neighbors of each row that are to agree with it, by the cosine
     * @param head how a head is trained
     * @param restarts how many heads there are
     * @param smoothing iterations of diffusion of the votes along the graph
     * @param seed of weights, order of rows and choice of neighbours
     * @param progress called after each stage and in between, on the calling thread
     */
    public record Options(
            int clusters,
            int neighbors,
            Head head,
            Restarts restarts,
            int smoothing,
            long seed,
            Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one is out of range
         */
        public Options {
            require(clusters >= 2, "neighbour clustering needs at least 2 clusters, not %d", clusters);
            require(neighbors >= 1, "the number of neighbours must be at least 1, not %d", neighbors);
            require(smoothing >= 0, "diffusion requires 0 or more iterations, not %d", smoothing);
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(restarts, "restarts");
            Objects.requireNonNull(progress, "progress");
        }

        /**
         * {@return 10 clusters, 20 neighbours, the defaults of {@link Head} and {@link Restarts}, 4 iterations of
         * diffusion, seed 0}
         */
        public static Options defaults() {
            return new Options(10, 20, Head.defaults(), Restarts.defaults(), 4, 0, p -> {});
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code clusters}
         */
        public Options withClusters(int value) {
            return new Options(value, neighbors, head, restarts, smoothing, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code neighbors}
         */
        public Options withNeighbors(int value) {
            return new Options(clusters, value, head, restarts, smoothing, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code head}
         */
        public Options withHead(Head value) {
            return new Options(clusters, neighbors, value, restarts, smoothing, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code restarts}
         */
        public Options withRestarts(Restarts value) {
            return new Options(clusters, neighbors, head, value, smoothing, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code smoothing}
         */
        public Options withSmoothing(int value) {
            return new Options(clusters, neighbors, head, restarts, value, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(clusters, neighbors, head, restarts, smoothing, value, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(clusters, neighbors, head, restarts, smoothing, seed, value);
        }
    }

    /**
     * The progress of a fit.
     *
     * @param done epochs of heads so far
     * @param total epochs of heads in all
     */
    public record Progress(int done, int total) {}

    /**
     * As {@link #fit(FloatMatrix, Options, WorkerPool)}, with the shared pool.
     *
     * @param x n × d, rows of norm 1
     * @param options of the fit
     * @return the model, which the caller closes
     */
    public static NeighborClusteringModel fit(FloatMatrix x, Options options) {
        return fit(x, options, WorkerPool.shared());
    }

    /**
     * Finds the neighbours by {@link NearestNeighbors}, then the clusters.
     *
     * <p>Off-heap memory with H heads of h hidden units, S successors, batches of B pairs and t threads, in bytes: at
     * most 4·(n·(d + 1) + (H + S + 1)·n·K + 4·H·h·(d + 1 + K) + t·(2·B·(d + 1 + 2·K) + h·(2·B + 256 + 2·d + 2))), or
     * that of the neighbours if it is more. Numbers of columns count as multiples of 16. In addition 1 MB per thread.
     *
     * @param x n × d, usually rows of unit length; not changed, copied twice. Neighbours are found by the angle between
     *     rows, so data far from zero are centred first, for example by {@link io.heddle.decomposition.Pca}
     * @param options of the fit
     * @param pool whose threads share the work
     * @return a model that owns its memory
     * @throws InvalidInputException if there are no more rows than neighbours, fewer rows than clusters, no columns, or
     *     values that are not finite
     */
    public static NeighborClusteringModel fit(FloatMatrix x, Options options, WorkerPool pool) {
        NearestNeighbors.Options search = NearestNeighbors.Options.defaults().withNeighbors(options.neighbors());
        return fit(x, NearestNeighbors.within(x, search, pool), options, pool);
    }

    /**
     * Finds the clusters for given neighbours, so that several seeds can share them.
     *
     * @param x as for {@link #fit(FloatMatrix, Options, WorkerPool)}
     * @param neighbors of each row of x, {@link Options#neighbors()} or more by the cosine; the nearest are taken
     * @param options of the fit
     * @param pool whose threads share the work
     * @return the model, which the caller closes
     * @throws InvalidInputException if the neighbours do not fit; else as for {@link #fit(FloatMatrix, Options,
     *     WorkerPool)}
     */
    public static NeighborClusteringModel fit(FloatMatrix x, Neighbors neighbors, Options options, WorkerPool pool) {
        require(neighbors.rows() == x.rows(), "neighbours of %d rows do not fit %d rows", neighbors.rows(), x.rows());
        require(
                neighbors.count() >= options.neighbors(),
                "%d neighbours of each row were found, but %d are needed",
                neighbors.count(),
                options.neighbors());
        require(
                options.clusters() <= x.rows(),
                "neighbour clustering cannot find %d clusters in %d rows",
                options.clusters(),
                x.rows());
        ColumnSpread.check(x, ColumnMoments.of(x, "the data", pool), "the data");
        try (FloatMatrix inputs = inputs(x, options.head().inputScale(), pool);
                HeadSelection selection = new HeadSelection(inputs, neighbors, options, pool)) {
            int[][] aligned = selection.align();
            int[] labels;
            try (FloatMatrix votes = selection.votes(aligned, pool);
                    FloatMatrix smooth = NeighborGraph.of(neighbors).diffuse(votes, options.smoothing(), pool)) {
                labels = Consensus.labels(smooth);
            }
            double[] losses = selection.losses();
            double agreement = selection.agreement();
            return new NeighborClusteringModel(selection.release(), aligned, options, x, labels, losses, agreement);
        }
    }

    /**
     * The input of the heads: scaled rows with an additional constant 1, whose weights are the biases of the first
     * layer.
     */
    static FloatMatrix inputs(FloatMatrix x, double scale, WorkerPool pool) {
        int d = x.columns();
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                x.rows(),
                d + 1,
                inputs -> pool.run(slices.count(), (slice, worker) -> {
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        KERNELS.axpy((float) scale, x.segment(), x.offset(i), inputs.segment(), inputs.offset(i), d);
                        inputs.set(i, d, 1);
                    }
                }));
    }
}
