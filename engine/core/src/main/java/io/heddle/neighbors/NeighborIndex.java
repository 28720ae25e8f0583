package io.heddle.neighbors;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Rows with labels, for the nearest neighbours of one row at a time and the label that most of them have.
 *
 * <p>Neighbours are exact: each row is compared, and squared Euclidean distances are sums of squared differences, so
 * they do not cancel. Of equal distances the row of the lower number comes first. A call takes O(rows · columns) time.
 * Squares are in float. If the index has values between 0 and 1e-10 and rows are nearer than 3e-18, they are ranked
 * again in double.
 *
 * <p>Immutable and usable from any number of threads. A row is handled on the calling thread, without locks or
 * hand-offs and, once each of the threads that call at the same time had its first, without allocation.
 *
 * <p>For example: {@snippet file="NeighborsExamplesTest.java" region="neighbor-index"}
 */
public final class NeighborIndex implements AutoCloseable {
    /** Maximum number of neighbours. */
    public static final int MAXIMUM_NEIGHBORS = 1024;

    /** Limits of the longest row: squared distances of rows a thousandth as far apart are still exact to six digits. */
    private static final double SHORTEST = 1e-14;

    private static final double LONGEST = 1e18;

    /** Of a squared distance: below, the squares of differences are too near the smallest float. */
    private static final float SMALLEST_SQUARE = 1e-35f;
    /** Different floats, of which none is between 0 and this, differ by more than the root of the smallest square. */
    private static final float FINE = 1e-10f;

    private static final int BLOCK = 256;
    /** Scratch that is kept. More threads at the same time sometimes create more. */
    private static final int MAXIMUM_SPARE = 64;

    private static final long WARM_UP_WORK = 200_000_000;
    private static final int MAXIMUM_WARM_UPS = 5_000;
    private static final int MINIMUM_WARM_UPS = 20;

    private final FloatMatrix rows;
    private final int[] labels;
    private final int neighbors;
    /** Whether different rows can be so near that their squared distance leaves the range of float. */
    private final boolean fine;

    private final AtomicReferenceArray<Scratch> spare = new AtomicReferenceArray<>(MAXIMUM_SPARE);
    private volatile boolean closed;

    /** What one call needs, outside of the heap as the rows are, so that the kernels meet one kind of memory. */
    private static final class Scratch {
        private final FloatMatrix row;
        private final float[] block = new float[BLOCK];
        private final int[] ids;
        private final float[] distances;
        private final double[] squares;

        Scratch(int columns, int neighbors) {
            row = FloatMatrix.allocate(1, columns);
            ids = new int[neighbors];
            distances = new float[neighbors];
            squares = new double[neighbors];
        }
    }

    private NeighborIndex(FloatMatrix rows, int[] labels, int neighbors) {
        this.rows = rows;
        this.labels = labels;
        this.neighbors = neighbors;
        this.fine = isFine(rows);
    }

    /**
     * Makes an index of a copy of rows.
     *
     * @param rows N × D finite values, at least one row
     * @param labels one per row, 0 or more
     * @param neighbors number k of neighbours of a row, 1 to N and at most {@value #MAXIMUM_NEIGHBORS}
     * @return the index, which the caller closes
     * @throws InvalidInputException if the lengths differ, k is out of its range, a label is negative, a value is not
     *     finite, or the longest row is so long (1e18) or short (1e-14) that squared distances leave the range of float
     */
    public static NeighborIndex of(FloatMatrix rows, int[] labels, int neighbors) {
        require(rows.rows() == labels.length, "%d labels do not pair with %d rows", labels.length, rows.rows());
        require(
                neighbors >= 1 && neighbors <= Math.min(rows.rows(), MAXIMUM_NEIGHBORS),
                "%d neighbours are not between 1 and the smaller of %d rows and %d",
                neighbors,
                rows.rows(),
                MAXIMUM_NEIGHBORS);
        for (int i = 0; i < labels.length; i++) {
            require(labels[i] >= 0, "the label %d of row %d is negative", labels[i], i);
            require(
                    Simd.kernels().allFinite(rows.segment(), rows.offset(i), rows.columns()),
                    "row %d has a value that is not finite",
                    i);
        }
        double longest = longest(rows);
        require(
                longest == 0 || longest >= SHORTEST && longest <= LONGEST,
                "squares of the distances of rows as long as %.2g leave the range of float; scale the rows to about 1",
                longest);
        return new NeighborIndex(rows.copy(), labels.clone(), neighbors);
    }

    private static boolean isFine(FloatMatrix rows) {
        float[] row = new float[rows.columns()];
        for (int i = 0; i < rows.rows(); i++) {
            rows.getRow(i, row);
            for (float value : row) {
                float size = Math.abs(value);
                if (size > 0 && size < FINE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The length of the longest row: its distance from zeros, in double, so that no square leaves the range. */
    private static double longest(FloatMatrix rows) {
        double squares = 0;
        try (FloatMatrix zeros = FloatMatrix.allocate(1, rows.columns())) {
            for (int i = 0; i < rows.rows(); i++) {
                squares = Math.max(
                        squares,
                        Simd.kernels()
                                .squaredDistance(
                                        rows.segment(),
                                        rows.offset(i),
                                        zeros.segment(),
                                        zeros.offset(0),
                                        rows.columns()));
            }
        }
        return Math.sqrt(squares);
    }

    /** {@return number N of rows} */
    public int size() {
        return labels.length;
    }

    /** {@return values D of a row} */
    public int columns() {
        return rows.columns();
    }

    /** {@return number k of neighbours} */
    public int neighbors() {
        return neighbors;
    }

    /** {@return the rows, which belong to this index} */
    public FloatMatrix rows() {
        return rows;
    }

    /** {@return a copy of the labels} */
    public int[] labels() {
        return labels.clone();
    }

    /**
     * {@return the label of a row of the index}
     *
     * @param id number of the row
     */
    public int label(int id) {
        return labels[id];
    }

    /**
     * Finds the nearest rows, nearest first.
     *
     * @param row D finite values; may be the start of a longer array
     * @param ids receives the numbers of the k nearest rows
     * @param distances receives their Euclidean distances
     * @throws InvalidInputException if an array is too short, a value is not finite, or the squared distance of one of
     *     the k nearest rows exceeds the range of float: the row is about 1e19 away
     * @throws IllegalStateException if this index is closed
     */
    public void nearest(float[] row, int[] ids, float[] distances) {
        if (ids.length < neighbors || distances.length < neighbors) {
            throw new InvalidInputException("%d neighbours do not fit into arrays of %d and %d"
                    .formatted(neighbors, ids.length, distances.length));
        }
        Scratch scratch = take();
        try {
            search(row, scratch, ids, distances);
            if (needsDouble(distances)) {
                rankInDouble(scratch, ids, distances);
                for (int i = 0; i < neighbors; i++) {
                    distances[i] = (float) Math.sqrt(scratch.squares[i]);
                }
                return;
            }
            for (int i = 0; i < neighbors; i++) {
                distances[i] = (float) Math.sqrt(distances[i]);
            }
        } finally {
            release(scratch);
        }
    }

    /**
     * {@return the label that most of the k nearest rows have; of several, the one of the nearest row among theirs}
     *
     * @param row see {@link #nearest}
     * @throws InvalidInputException if the row is too short, a value is not finite, or the squared distance of one of
     *     the k nearest rows exceeds the range of float: the row is about 1e19 away
     * @throws IllegalStateException if this index is closed
     */
    public int predict(float[] row) {
        Scratch scratch = take();
        try {
            search(row, scratch, scratch.ids, scratch.distances);
            if (needsDouble(scratch.distances)) {
                rankInDouble(scratch, scratch.ids, scratch.distances);
            }
            return vote(scratch.ids);
        } finally {
            release(scratch);
        }
    }

    private int vote(int[] ids) {
        int best = labels[ids[0]];
        int maximum = 0;
        for (int i = 0; i < neighbors; i++) {
            int label = labels[ids[i]];
            int count = 0;
            for (int j = 0; j < neighbors; j++) {
                if (labels[ids[j]] == label) {
                    count++;
                }
            }
            if (count > maximum) {
                maximum = count;
                best = label;
            }
        }
        return best;
    }

    private void search(float[] row, Scratch scratch, int[] ids, float[] distances) {
        int columns = rows.columns();
        if (row.length < columns) {
            throw new InvalidInputException(
                    "a row of %d values does not fit an index of %d".formatted(row.length, columns));
        }
        MemorySegment segment = scratch.row.segment();
        long offset = scratch.row.offset(0);
        for (int j = 0; j < columns; j++) {
            scratch.row.set(0, j, row[j]);
        }
        Kernels kernels = Simd.kernels();
        if (!kernels.allFinite(segment, offset, columns)) {
            throw new InvalidInputException("the row has a value that is not finite");
        }
        Arrays.fill(distances, 0, neighbors, Float.POSITIVE_INFINITY);
        Arrays.fill(ids, 0, neighbors, Integer.MAX_VALUE);
        long rowBytes = rows.stride() * Float.BYTES;
        for (int from = 0; from < labels.length; from += BLOCK) {
            int some = Math.min(BLOCK, labels.length - from);
            kernels.squaredDistances(
                    segment, offset, rows.segment(), rows.offset(from), rowBytes, some, columns, scratch.block, 0);
            for (int i = 0; i < some; i++) {
                // The first k rows enter at any distance, also at one beyond the range of float.
                if (scratch.block[i] < distances[neighbors - 1] || ids[neighbors - 1] == Integer.MAX_VALUE) {
                    insert(scratch.block[i], from + i, ids, distances);
                }
            }
        }
        if (distances[neighbors - 1] == Float.POSITIVE_INFINITY) {
            throw new InvalidInputException(
                    "the row is so far from row %d of the index that the squared distance exceeds the range of float; scale it as the rows of the index"
                            .formatted(ids[neighbors - 1]));
        }
    }

    /** Whether rows are so near that their order or distances may be lost in float. */
    private boolean needsDouble(float[] squares) {
        return fine && squares[0] < SMALLEST_SQUARE;
    }

    /** Ranks rows again, by distances from the row in the scratch, into the ids and the squares of the scratch. */
    private void rankInDouble(Scratch scratch, int[] ids, float[] found) {
        double[] squares = scratch.squares;
        if (found[neighbors - 1] >= SMALLEST_SQUARE) {
            // All rows below the limit are among the k.
            for (int i = 0; i < neighbors; i++) {
                insert(square(scratch, ids[i]), ids[i], i, ids, squares);
            }
            return;
        }
        Arrays.fill(squares, Double.POSITIVE_INFINITY);
        for (int id = 0; id < labels.length; id++) {
            double square = square(scratch, id);
            if (square < squares[neighbors - 1]) {
                insert(square, id, neighbors - 1, ids, squares);
            }
        }
    }

    private double square(Scratch scratch, int id) {
        return Simd.kernels()
                .squaredDistance(
                        scratch.row.segment(), scratch.row.offset(0), rows.segment(), rows.offset(id), rows.columns());
    }

    /** Inserts into the places up to the last one, which is overwritten. */
    private static void insert(double square, int id, int last, int[] ids, double[] squares) {
        int at = last;
        while (at > 0 && (squares[at - 1] > square || squares[at - 1] == square && ids[at - 1] > id)) {
            squares[at] = squares[at - 1];
            ids[at] = ids[at - 1];
            at--;
        }
        squares[at] = square;
        ids[at] = id;
    }

    private void insert(float distance, int id, int[] ids, float[] distances) {
        int at = neighbors - 1;
        while (at > 0 && (distances[at - 1] > distance || ids[at - 1] == Integer.MAX_VALUE)) {
            distances[at] = distances[at - 1];
            ids[at] = ids[at - 1];
            at--;
        }
        distances[at] = distance;
        ids[at] = id;
    }

    /** Has the code for rows compiled: some tenths of a second, once. */
    public void warmUp() {
        long work = (long) labels.length * rows.columns();
        float[] row = new float[rows.columns()];
        for (long i = Math.clamp(WARM_UP_WORK / work, MINIMUM_WARM_UPS, MAXIMUM_WARM_UPS); i > 0; i--) {
            predict(row);
        }
    }

    private Scratch take() {
        if (closed) {
            throw new IllegalStateException("this index is closed");
        }
        for (int i = 0; i < MAXIMUM_SPARE; i++) {
            Scratch one = spare.get(i);
            if (one != null && spare.compareAndSet(i, one, null)) {
                return one;
            }
        }
        return new Scratch(rows.columns(), neighbors);
    }

    private void release(Scratch scratch) {
        for (int i = 0; i < MAXIMUM_SPARE; i++) {
            if (!closed && spare.get(i) == null && spare.compareAndSet(i, null, scratch)) {
                if (closed) {
                    close();
                }
                return;
            }
        }
        scratch.row.close();
    }

    /** Frees the rows; may be called again without effect. Calls under way fail or finish. */
    @Override
    public void close() {
        closed = true;
        rows.close();
        for (int i = 0; i < MAXIMUM_SPARE; i++) {
            Scratch one = spare.getAndSet(i, null);
            if (one != null) {
                one.row.close();
            }
        }
    }
}
