package io.heddle.audit;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds duplicates, near duplicates and outliers by the Euclidean distances of the rows to their nearest neighbours. No
 * labels are needed.
 *
 * <p>Rows with equal values are exact duplicates. Two rows are near duplicates if their distance is below
 * {@code duplicateRatio} times the median of all rows' distances to their nearest neighbour. A row is an outlier if the
 * mean distance to its neighbours is above {@code outlierRatio} times the median of these means. The defaults of both
 * ratios are those of cleanlab 2.
 *
 * <p>Costs one exact neighbour search, O(n² · d). Deterministic: the same data, options and vector width give the same
 * result for any number of threads.
 *
 * <p>For example: {@snippet file="AuditExamplesTest.java" region="neighbor-audit"}
 *
 * @param duplicates sets of rows, the largest first, then by their first row
 * @param outliers the farthest first
 */
public record NeighborAudit(List<DuplicateSet> duplicates, List<Outlier> outliers) {
    /**
     * A set of equal or nearly equal rows, each linked to another one.
     *
     * @param rows two or more, ascending
     * @param exact whether all have the same values
     */
    public record DuplicateSet(int[] rows, boolean exact) {}

    /**
     * A row far from all others.
     *
     * @param row its index
     * @param ratio the mean distance to its neighbours, as a multiple of the median over all rows
     */
    public record Outlier(int row, double ratio) {}

    /**
     * The options of the audit.
     *
     * @param neighbors number of neighbours of each row, 1 or more; default 10
     * @param duplicateRatio at least 0 (exact duplicates only) and below 1; default 0.13
     * @param outlierRatio above 1; default 2.7
     */
    public record Options(int neighbors, double duplicateRatio, double outlierRatio) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a value lies outside its range
         */
        public Options {
            require(neighbors >= 1, "an audit by neighbours needs 1 neighbour or more, not %d", neighbors);
            require(
                    duplicateRatio >= 0 && duplicateRatio < 1,
                    "the ratio of near duplicates must be at least 0 and below 1, not %s",
                    duplicateRatio);
            require(
                    outlierRatio > 1 && Double.isFinite(outlierRatio),
                    "the ratio of outliers must be above 1, not %s",
                    outlierRatio);
        }

        /** {@return the defaults named above} */
        public static Options defaults() {
            return new Options(10, 0.13, 2.7);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code neighbors}
         */
        public Options withNeighbors(int value) {
            return new Options(value, duplicateRatio, outlierRatio);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code duplicateRatio}
         */
        public Options withDuplicateRatio(double value) {
            return new Options(neighbors, value, outlierRatio);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code outlierRatio}
         */
        public Options withOutlierRatio(double value) {
            return new Options(neighbors, duplicateRatio, value);
        }
    }

    /**
     * Audits the rows.
     *
     * @param x n × d, at least 2 rows
     * @param options of the audit
     * @param pool whose threads share the search
     * @return the duplicates and outliers
     * @throws InvalidInputException if there are fewer than 2 rows, or values that are not finite
     */
    public static NeighborAudit of(FloatMatrix x, Options options, WorkerPool pool) {
        require(x.rows() >= 2, "an audit by neighbours needs 2 rows or more, not %d", x.rows());
        int count = Math.min(options.neighbors(), Math.toIntExact(x.rows()) - 1);
        Neighbors found = NearestNeighbors.within(
                x,
                NearestNeighbors.Options.defaults()
                        .withMetric(NearestNeighbors.Metric.EUCLIDEAN)
                        .withNeighbors(count),
                pool);
        return of(x, found, options, pool);
    }

    /**
     * Audits rows whose neighbours are known.
     *
     * @param x n × d, at least 2 rows
     * @param found result of {@link NearestNeighbors#within} for x by Euclidean distance, with at least the number of
     *     neighbours of the options; further ones are not used
     * @param options of the audit
     * @param pool whose threads share the work
     * @return the duplicates and outliers
     * @throws InvalidInputException if there are fewer than 2 rows, or the neighbours do not fit them
     */
    public static NeighborAudit of(FloatMatrix x, Neighbors found, Options options, WorkerPool pool) {
        require(x.rows() >= 2, "an audit by neighbours needs 2 rows or more, not %d", x.rows());
        int n = Math.toIntExact(x.rows());
        int count = Math.min(options.neighbors(), n - 1);
        require(found.rows() == n, "neighbours of %d rows do not fit %d rows", found.rows(), n);
        require(found.count() >= count, "%d neighbours are too few for an audit by %d", found.count(), count);
        double[] distances = distances(x, found, count, pool);
        Sets sets = new Sets(n);
        exactDuplicates(x, sets);
        double[] nearest = new double[n];
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            double[] own = Arrays.copyOfRange(distances, i * count, (i + 1) * count);
            nearest[i] = Arrays.stream(own).min().orElseThrow();
            means[i] = Arrays.stream(own).sum() / count;
        }
        double near = options.duplicateRatio() * median(nearest);
        for (int i = 0; i < n; i++) {
            for (int rank = 0; rank < count; rank++) {
                if (distances[i * count + rank] < near) {
                    sets.join(i, found.index(i, rank));
                }
            }
        }
        double typical = median(means);
        List<Outlier> outliers = IntStream.range(0, n)
                .filter(i -> typical > 0 && means[i] > options.outlierRatio() * typical)
                .mapToObj(i -> new Outlier(i, means[i] / typical))
                .sorted(Comparator.comparingDouble(Outlier::ratio).reversed().thenComparingInt(Outlier::row))
                .toList();
        return new NeighborAudit(sets.list(x), outliers);
    }

    /** In double and from differences: distances of the search come from products, which cancel for similar rows. */
    private static double[] distances(FloatMatrix x, Neighbors found, int count, WorkerPool pool) {
        double[] distances = new double[found.rows() * count];
        pool.run(found.rows(), (i, worker) -> {
            float[] row = new float[x.columns()];
            float[] other = new float[x.columns()];
            x.getRow(i, row);
            for (int rank = 0; rank < count; rank++) {
                x.getRow(found.index(i, rank), other);
                double sum = 0;
                for (int j = 0; j < row.length; j++) {
                    double difference = (double) row[j] - other[j];
                    sum += difference * difference;
                }
                distances[i * count + rank] = Math.sqrt(sum);
            }
        });
        return distances;
    }

    /** Uses distances above zero only, because most rows may be duplicates. */
    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).filter(v -> v > 0).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** Reads a row with 0 for −0, which equals it but has another hash. */
    private static void readValues(FloatMatrix x, int i, float[] row) {
        x.getRow(i, row);
        for (int j = 0; j < row.length; j++) {
            row[j] += 0f;
        }
    }

    private static void exactDuplicates(FloatMatrix x, Sets sets) {
        Map<Integer, List<Integer>> byHash = new HashMap<>();
        float[] row = new float[x.columns()];
        float[] other = new float[x.columns()];
        for (int i = 0; i < x.rows(); i++) {
            readValues(x, i, row);
            List<Integer> firsts = byHash.computeIfAbsent(Arrays.hashCode(row), h -> new ArrayList<>(1));
            boolean known = false;
            for (int first : firsts) {
                readValues(x, first, other);
                if (Arrays.equals(row, other)) {
                    sets.join(first, i);
                    known = true;
                    break;
                }
            }
            if (!known) {
                firsts.add(i);
            }
        }
    }

    /** Rows joined to sets. */
    private static final class Sets {
        private final int[] parent;

        Sets(int rows) {
            parent = new int[rows];
            Arrays.setAll(parent, i -> i);
        }

        private int root(int row) {
            int root = row;
            while (parent[root] != root) {
                parent[root] = parent[parent[root]];
                root = parent[root];
            }
            return root;
        }

        void join(int one, int other) {
            int a = root(one);
            int b = root(other);
            // The smaller row is the root, independent of the order of joining.
            parent[Math.max(a, b)] = Math.min(a, b);
        }

        List<DuplicateSet> list(FloatMatrix x) {
            Map<Integer, List<Integer>> members = new HashMap<>();
            for (int i = 0; i < parent.length; i++) {
                int root = root(i);
                if (root != i) {
                    members.computeIfAbsent(root, r -> new ArrayList<>(List.of(r)))
                            .add(i);
                }
            }
            return members.values().stream()
                    .map(rows -> rows.stream().mapToInt(r -> r).toArray())
                    .map(rows -> new DuplicateSet(rows, same(x, rows)))
                    .sorted(Comparator.comparingInt((DuplicateSet s) -> -s.rows().length)
                            .thenComparingInt(s -> s.rows()[0]))
                    .toList();
        }

        private static boolean same(FloatMatrix x, int[] rows) {
            float[] first = new float[x.columns()];
            float[] other = new float[x.columns()];
            readValues(x, rows[0], first);
            for (int i = 1; i < rows.length; i++) {
                readValues(x, rows[i], other);
                if (!Arrays.equals(first, other)) {
                    return false;
                }
            }
            return true;
        }
    }
}
