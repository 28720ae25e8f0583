package io.heddle.layout;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A map of rows in the plane, on which the nearest neighbours of a row lie near it. McInnes, Healy and Melville, "UMAP:
 * Uniform Manifold Approximation and Projection for Dimension Reduction", 2018.
 *
 * <p>The distances of a row to its neighbours become weights of edges from 0 to 1, relative to the density around the
 * row. Gradient steps then move the rows: along edges towards each other, and away from random other rows. There are
 * two differences from the reference implementation. The similarity in the plane is 1 / (1 + a·d²), without its second
 * exponent, which costs a power for each step. In an epoch all rows move at once, from the positions at the end of the
 * previous one. The result is therefore deterministic: the same neighbours, start, options and vector width give the
 * same bits for any number of threads.
 *
 * <p>Distances between groups on the map, and the areas of groups, have no meaning. Start from principal components, so
 * that groups lie as far apart as these say (Kobak and Linderman, Nature Biotechnology 39, 2021).
 *
 * <p>Costs O(n · neighbours · epochs), and 24 bytes of heap per row and 16 bytes per neighbour.
 *
 * <p>For example: {@snippet file="LayoutExamplesTest.java" region="neighbor-layout"}
 */
public final class NeighborLayout {
    /** Half the side of the initial map. */
    private static final double EXTENT = 10;

    /** Rows above which 200 epochs are enough, as in the reference implementation. */
    private static final int MANY = 10_000;

    private static final int LONG = 500;
    private static final int SHORT = 200;

    private NeighborLayout() {}

    /**
     * The options of a layout.
     *
     * @param epochs number of passes over the edges, 0 or more; 0 chooses 500 for at most 10,000 rows, else 200;
     *     default 0
     * @param minimumDistance distance on the map below which neighbours are not drawn closer, from 0 to 1; default 0.1
     * @param negatives number of random rows from which a row moves away for each edge, 1 or more; default 5
     * @param seed of the random rows; default 0
     * @param progress called after each epoch, on the calling thread
     */
    public record Options(int epochs, double minimumDistance, int negatives, long seed, Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a value lies outside its range
         * @throws NullPointerException if a component is null
         */
        public Options {
            Objects.requireNonNull(progress, "progress");
            require(epochs >= 0, "a layout has 0 epochs or more, not %d", epochs);
            require(
                    minimumDistance >= 0 && minimumDistance <= 1,
                    "the minimum distance of a layout must be between 0 and 1, not %s",
                    minimumDistance);
            require(negatives >= 1, "a layout needs 1 random row or more for each edge, not %d", negatives);
        }

        /** {@return the defaults named above} */
        public static Options defaults() {
            return new Options(0, 0.1, 5, 0, p -> {});
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code epochs}
         */
        public Options withEpochs(int value) {
            return new Options(value, minimumDistance, negatives, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code minimumDistance}
         */
        public Options withMinimumDistance(double value) {
            return new Options(epochs, value, negatives, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code negatives}
         */
        public Options withNegatives(int value) {
            return new Options(epochs, minimumDistance, value, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(epochs, minimumDistance, negatives, value, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(epochs, minimumDistance, negatives, seed, value);
        }
    }

    /**
     * The progress of a layout.
     *
     * @param epoch number of finished epochs
     * @param epochs number of all epochs
     */
    public record Progress(int epoch, int epochs) {}

    /**
     * Computes the map of rows.
     *
     * @param neighbors of {@link NearestNeighbors#within}, without the rows themselves; 15 are usual
     * @param start a row for each row of the neighbours; its first two columns, such as principal components, are the
     *     initial map, in any unit. Of one column, the second coordinate is 0
     * @param options of the layout
     * @param pool whose threads share the work
     * @return n × 2, owned by the caller
     * @throws InvalidInputException if the rows differ, a neighbour is not one of the rows, or values of the start are
     *     not finite
     */
    public static FloatMatrix of(Neighbors neighbors, FloatMatrix start, Options options, WorkerPool pool) {
        int n = neighbors.rows();
        require(start.rows() == n, "a start of %d rows does not fit neighbours of %d", start.rows(), n);
        float[] initial = initial(start, options.seed());
        FuzzyGraph graph = FuzzyGraph.of(neighbors, pool);
        int epochs = options.epochs() > 0 ? options.epochs() : n <= MANY ? LONG : SHORT;
        Descent descent = new Descent(graph, Curve.of(options.minimumDistance()), options, epochs, pool);
        float[] positions = descent.run(initial);
        return FloatMatrix.copyOf(positions, n, 2);
    }

    /** The first two columns in the square of side 20 around the origin, and noise that separates equal rows. */
    private static float[] initial(FloatMatrix start, long seed) {
        int n = Math.toIntExact(start.rows());
        int columns = Math.min(2, start.columns());
        double[] positions = new double[2 * n];
        double largest = 0;
        for (int j = 0; j < columns; j++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                float value = start.get(i, j);
                require(Float.isFinite(value), "row %d of the start is not finite: %s", i, value);
                mean += (double) value / n;
            }
            for (int i = 0; i < n; i++) {
                positions[2 * i + j] = start.get(i, j) - mean;
                largest = Math.max(largest, Math.abs(positions[2 * i + j]));
            }
        }
        double scale = largest > 0 ? EXTENT / largest : 0;
        float[] scaled = new float[2 * n];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (positions[i] * scale + Descent.noise(seed, i));
        }
        return scaled;
    }
}
