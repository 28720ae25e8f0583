package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.RowReader;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Assigns rows to the nearest of many centres while the centres move. It multiplies the sketches of a block of rows by
 * those of the centres, and computes exact distances only to centres whose sketch is not farther than the distance to
 * the row's previous centre. A row whose centre did not move away is compared only with centres that moved.
 *
 * <p>Distances are computed from differences, in float. The comparisons of sketches allow for the rounding error.
 *
 * <p>In contrast to {@link BoundedAssignment}, it keeps one number per row. With many centres, bounds for groups of
 * centres are too loose to skip much, and cost more memory traffic than the products.
 */
final class SketchedAssignment implements CenterAssignment {
    private static final int BLOCK = 64;
    /** Exceeds the rounding error of distances over some thousand columns. */
    private static final double SLACK = 0x1p-15;

    private static final float UNKNOWN = Float.NaN;
    private static final Kernels KERNELS = Simd.kernels();

    private final RowReader reader;
    private final int d;
    private final FloatMatrix centers;
    private final int[] labels;
    private final Sketch sketch;
    private final Sketch.Sketches rowSketches;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final CenterSketches all;
    private final int[] numbers;
    /** The squared distance of each row to its centre before the centres moved, or NaN. */
    private final float[] distances;

    private final boolean[] hasMoved;
    private final FloatMatrix gathered;
    private final FloatMatrix scores;
    private final ChangedRows changed;

    /**
     * @param centers K × d; read again by every {@link #assign}
     * @param labels n, all −1 at first; {@link #assign} fills it
     * @param sketch of the data
     * @param rowSketches of the rows of x; left open
     */
    SketchedAssignment(
            DataMatrix x,
            FloatMatrix centers,
            int[] labels,
            Sketch sketch,
            Sketch.Sketches rowSketches,
            WorkerPool pool) {
        int k = (int) centers.rows();
        this.reader = RowReader.of(x, pool);
        this.d = x.columns();
        this.centers = centers;
        this.labels = labels;
        this.sketch = sketch;
        this.rowSketches = rowSketches;
        this.pool = pool;
        slices = RowSlices.of(labels.length, BLOCK);
        all = new CenterSketches(k, sketch, pool);
        numbers = IntStream.range(0, k).toArray();
        distances = new float[labels.length];
        Arrays.fill(distances, UNKNOWN);
        hasMoved = new boolean[k];
        Arrays.fill(hasMoved, true);
        gathered = FloatMatrix.allocate((long) pool.threads() * BLOCK, sketch.width());
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, k);
        changed = new ChangedRows(slices, labels.length);
    }

    @Override
    public void forget(int row) {
        distances[row] = UNKNOWN;
    }

    @Override
    public void centersMoved(double[] squaredShifts) {
        for (int j = 0; j < hasMoved.length; j++) {
            hasMoved[j] = squaredShifts[j] > 0;
        }
    }

    @Override
    public ChangedRows assign() {
        all.prepare(centers);
        int[] moved = Arrays.stream(numbers).filter(j -> hasMoved[j]).toArray();
        if (moved.length == numbers.length) {
            assign(all, numbers);
        } else {
            try (CenterSketches some = new CenterSketches(moved.length, sketch, pool);
                    FloatMatrix movedCenters = FloatMatrix.allocate(moved.length, d)) {
                for (int j = 0; j < moved.length; j++) {
                    centers.copyRow(moved[j], movedCenters, j);
                }
                some.prepare(movedCenters);
                assign(some, moved);
            }
        }
        return changed.join();
    }

    /** @param moved the numbers of the centres in {@code some}, which have moved */
    private void assign(CenterSketches some, int[] moved) {
        pool.run(slices.count(), (slice, worker) -> {
            Scratch scratch = new Scratch(worker, numbers.length);
            int[] before = new int[BLOCK];
            int[] nearer = new int[BLOCK];
            int[] others = new int[BLOCK];
            changed.clear(slice);
            for (long block = slices.from(slice); block < slices.to(slice); block += BLOCK) {
                int from = (int) block;
                int rows = (int) Math.min(BLOCK, slices.to(slice) - block);
                System.arraycopy(labels, from, before, 0, rows);
                int nearerCount = 0;
                int otherCount = 0;
                for (int i = from; i < from + rows; i++) {
                    if (hasComeNearer(i, scratch)) {
                        nearer[nearerCount++] = i;
                    } else {
                        others[otherCount++] = i;
                    }
                }
                compare(nearer, nearerCount, some, moved, scratch);
                compare(others, otherCount, all, numbers, scratch);
                for (int i = 0; i < rows; i++) {
                    if (labels[from + i] != before[i]) {
                        changed.add(slice, from + i, before[i]);
                    }
                }
            }
        });
    }

    /**
     * Updates the distance of a row to its centre. Returns whether it is known to be at most the previous distance, and
     * thus at most that to each centre that did not move.
     */
    private boolean hasComeNearer(int row, Scratch scratch) {
        int label = labels[row];
        if (label < 0) {
            return false;
        }
        float before = distances[row];
        if (!hasMoved[label] && !Float.isNaN(before)) {
            return true;
        }
        distances[row] = measure(reader.read(row, scratch.worker), label, scratch);
        return distances[row] <= before;
    }

    /**
     * Looks for nearer centres.
     *
     * @param numberOf the numbers of the centres in {@code candidates}
     */
    private void compare(int[] rows, int count, CenterSketches candidates, int[] numberOf, Scratch scratch) {
        if (count == 0 || candidates.count() == 0) {
            return;
        }
        long first = (long) scratch.worker * BLOCK;
        for (int r = 0; r < count; r++) {
            rowSketches.rows().copyRow(rows[r], gathered, first + r);
        }
        candidates.multiply(gathered, first, count, scores, first);
        for (int r = 0; r < count; r++) {
            int row = rows[r];
            long at = first + r;
            long read = -1;
            if (labels[row] < 0) {
                candidates.nearest(scores, at, 1, scratch.near, scratch.values);
                labels[row] = numberOf[scratch.near[0]];
                read = reader.read(row, scratch.worker);
                distances[row] = measure(read, labels[row], scratch);
            }
            double distance = Math.sqrt(distances[row]) * (1 + SLACK);
            int found = candidates.near(gathered, at, scores, at, distance, rowSketches.margin(), scratch.near);
            int former = labels[row];
            for (int c = 0; c < found; c++) {
                int center = numberOf[scratch.near[c]];
                if (center != former) {
                    read = read < 0 ? reader.read(row, scratch.worker) : read;
                    float other = measure(read, center, scratch);
                    if (other < distances[row]) {
                        distances[row] = other;
                        labels[row] = center;
                    }
                }
            }
        }
    }

    /** @param read row of the reader's floats */
    private float measure(long read, int center, Scratch scratch) {
        KERNELS.squaredDistances(
                reader.floats().segment(),
                reader.floats().offset(read),
                centers.segment(),
                centers.offset(center),
                0,
                1,
                d,
                scratch.values,
                0);
        return scratch.values[0];
    }

    /** What a worker writes for the rows of a slice. */
    private static final class Scratch {
        final int worker;
        final int[] near;
        final float[] values = new float[1];

        Scratch(int worker, int clusters) {
            this.worker = worker;
            near = new int[clusters];
        }
    }

    @Override
    public void close() {
        reader.close();
        all.close();
        gathered.close();
        scores.close();
    }
}
