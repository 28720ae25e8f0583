package io.heddle.cluster.consensus;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.estimator.Clusterer;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The heads of a {@link NeighborClustering} fit, and the clusters of the training rows.
 *
 * <p>Owns its memory; after {@link #close()} a prediction throws an {@link IllegalStateException}. Thread-safe.
 *
 * <p>For example: {@snippet file="ClusterExamplesTest.java" region="neighbor-clustering"}
 */
public final class NeighborClusteringModel implements Clusterer {
    private static final double MINIMUM_AGREEMENT = 0.8;

    private final List<ConsistencyHead> heads;
    private final int[][] aligned;
    private final NeighborClustering.Options options;
    private final int columns;
    private final List<String> featureNames;
    private final int[] labels;
    private final double[] losses;
    private final double agreement;

    /**
     * Owns the heads, the best first.
     *
     * @param x the training data, for the number and names of the columns
     */
    NeighborClusteringModel(
            List<ConsistencyHead> heads,
            int[][] aligned,
            NeighborClustering.Options options,
            FloatMatrix x,
            int[] labels,
            double[] losses,
            double agreement) {
        this.heads = heads;
        this.aligned = aligned;
        this.options = options;
        this.columns = x.columns();
        this.featureNames = x.columnNames();
        this.labels = labels;
        this.losses = losses;
        this.agreement = agreement;
    }

    /** {@return the number of clusters; some may be empty} */
    @Override
    public int clusters() {
        return options.clusters();
    }

    @Override
    public List<String> featureNames() {
        return featureNames;
    }

    @Override
    public int inputs() {
        return columns;
    }

    /** {@return the cluster of each row of the training data, 0 to {@link #clusters()} − 1} */
    @Override
    public int[] labels() {
        return labels.clone();
    }

    /** {@return the numbers of the clusters without a row of the training data, ascending} */
    public int[] emptyClusters() {
        boolean[] used = new boolean[options.clusters()];
        for (int label : labels) {
            used[label] = true;
        }
        return IntStream.range(0, used.length).filter(k -> !used[k]).toArray();
    }

    /**
     * {@return the share of rows with the same cluster in the best head and the other voting heads, before the votes
     * are smoothed; for one voter, compared with the next best head; NaN if there was a single head}
     */
    public double agreement() {
        return agreement;
    }

    /**
     * {@return whether the heads ended in one optimum: whether {@link #agreement()} is at least 0.8} A single head
     * cannot be compared, so it counts as not converged.
     */
    @Override
    public boolean converged() {
        return agreement >= MINIMUM_AGREEMENT;
    }

    /** {@return the total number of epochs of all heads of all generations} */
    @Override
    public int iterations() {
        return options.restarts().totalEpochs();
    }

    /**
     * {@return the loss of the best head over all pairs of a row and a neighbour} Lower is better. Comparable between
     * seeds, features and options with the same number of clusters, number of neighbours and entropy weight.
     */
    public double loss() {
        return losses[0];
    }

    /** {@return the losses of the voting heads, ascending} */
    public double[] losses() {
        return losses.clone();
    }

    /**
     * {@return the cluster with the highest mean probability of the heads} New rows are not in the graph, so votes are
     * not smoothed. Training rows may get another cluster than in {@link #labels()}.
     *
     * @param x m × d, any m below 2³¹, prepared as the training data was
     * @param pool whose threads share the work
     * @throws InvalidInputException if x does not have d columns or holds values that are not finite
     */
    @Override
    public int[] predict(FloatMatrix x, WorkerPool pool) {
        require(
                x.rows() < Integer.MAX_VALUE - 8,
                "at most 2^31 rows are predicted at a time, because labels are an array, not %d",
                x.rows());
        try (FloatMatrix shares = probabilities(x, pool)) {
            return Consensus.labels(shares);
        }
    }

    /**
     * Computes the mean probabilities of the heads.
     *
     * @param x as for {@link #predict(FloatMatrix, WorkerPool)}
     * @param pool whose threads share the work
     * @return m × {@link #clusters()}, each row summing up to 1; owned by the caller
     * @throws InvalidInputException as for {@link #predict(FloatMatrix, WorkerPool)}
     */
    public FloatMatrix probabilities(FloatMatrix x, WorkerPool pool) {
        require(
                x.columns() == columns,
                "data of %d columns does not fit a clustering of %d columns",
                x.columns(),
                columns);
        FeatureNames.requireSame(x, featureNames);
        FiniteCheck.require(x, "the data", pool);
        FloatMatrix shares = FloatMatrix.allocate(x.rows(), options.clusters());
        RowSlices slices = RowSlices.of(x.rows(), ConsistencyHead.BLOCK);
        try (FloatMatrix inputs = NeighborClustering.inputs(x, options.head().inputScale(), pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (int h = 0; h < heads.size(); h++) {
                    vote(h, inputs, slices.from(slice), slices.to(slice), shares);
                }
            });
            return shares;
        } catch (RuntimeException | Error e) {
            shares.close();
            throw e;
        }
    }

    private void vote(int h, FloatMatrix inputs, long from, long to, FloatMatrix shares) {
        int clusters = options.clusters();
        try (HeadScratch scratch =
                        new HeadScratch(0, inputs.columns(), options.head().hidden(), clusters);
                FloatMatrix p = FloatMatrix.allocate(ConsistencyHead.BLOCK, clusters)) {
            heads.get(h).prepare(scratch);
            for (long row = from; row < to; row += ConsistencyHead.BLOCK) {
                long end = Math.min(to, row + ConsistencyHead.BLOCK);
                heads.get(h).forward(inputs, row, end, scratch, p, 0);
                for (long i = row; i < end; i++) {
                    Consensus.vote(p, i - row, aligned[h], 1f / heads.size(), shares, i);
                }
            }
        }
    }

    /** Frees the heads; may be called again without effect. */
    @Override
    public void close() {
        heads.forEach(ConsistencyHead::close);
    }

    @Override
    public String toString() {
        return "NeighborClusteringModel[%d clusters of %d columns, loss %s]"
                .formatted(options.clusters(), columns, losses[0]);
    }
}
