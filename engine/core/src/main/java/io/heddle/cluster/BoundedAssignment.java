package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowReader;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * Assigns rows to their nearest centres while the centres move, and skips distances by the triangle inequality. Each
 * row has an upper bound of the distance to its centre and, for each group of centres, a lower bound of the distance to
 * the nearest other one. When centres move, the bounds are relaxed by the same distances. A row whose upper bound is
 * below its lower bounds is not read. If there are sketches, a row whose bounds overlap is first compared with the
 * sketches of the candidate centres. Exact distances are computed only to the centres that remain.
 *
 * <p>Distances are computed from differences, in float. The bounds are relaxed by more than the rounding error.
 *
 * <p>Reference: Ding, Zhao, Shen, Musuvathi and Mytkowicz, "Yinyang k-means", ICML 2015; with groups of one centre it
 * is Elkan's, "Using the triangle inequality to accelerate k-means", ICML 2003.
 */
final class BoundedAssignment implements CenterAssignment {
    private static final int BLOCK = 128;
    /** Exceeds the rounding error of distances over some thousand columns and of some hundred shifts of a bound. */
    private static final double SLACK = 0x1p-15;

    private static final Kernels KERNELS = Simd.kernels();

    private final RowReader reader;
    private final FloatMatrix points;
    private final int n;
    private final int d;
    private final FloatMatrix centers;
    private final CenterGroups groups;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final int[] labels;
    private final float[] upper;
    private final FloatMatrix lower;
    private final FloatMatrix groupShifts;
    private final float[] shifts;
    private final Sketch sketch;
    private final Sketch.Sketches rowSketches;
    private final CenterSketches centerSketches;
    private final FloatMatrix gathered;
    private final FloatMatrix scores;
    private final FloatMatrix zeros;
    private final ChangedRows changed;

    /**
     * @param centers K × d, sorted by group; read again by every {@link #assign}
     * @param labels n, all −1 at first; {@link #assign} fills it
     * @param sketch of the data, or null
     * @param rowSketches of the rows of x, or null; left open
     */
    BoundedAssignment(
            DataMatrix x,
            FloatMatrix centers,
            CenterGroups groups,
            int[] labels,
            Sketch sketch,
            Sketch.Sketches rowSketches,
            WorkerPool pool) {
        this.reader = RowReader.of(x, pool);
        this.points = reader.floats();
        this.n = labels.length;
        this.d = x.columns();
        this.centers = centers;
        this.groups = groups;
        this.labels = labels;
        this.sketch = sketch;
        this.rowSketches = rowSketches;
        this.pool = pool;
        int k = (int) centers.rows();
        centerSketches = sketch == null ? null : new CenterSketches(k, sketch, pool);
        long several = sketch == null ? 0 : (long) pool.threads() * BLOCK;
        gathered = FloatMatrix.allocate(several, sketch == null ? 0 : sketch.width());
        scores = FloatMatrix.allocate(several, k);
        zeros = FloatMatrix.allocate(1, groups.count());
        slices = RowSlices.of(n, BLOCK);
        upper = new float[n];
        lower = FloatMatrix.allocate(n, groups.count());
        groupShifts = FloatMatrix.allocate(1, groups.count());
        shifts = new float[k];
        changed = new ChangedRows(slices, n);
        for (int i = 0; i < n; i++) {
            forget(i);
        }
    }

    @Override
    public void forget(int row) {
        upper[row] = Float.POSITIVE_INFINITY;
        Elements.fill(lower, row, 0, groups.count(), Float.NEGATIVE_INFINITY);
        // The padding represents groups at infinite distance.
        Elements.fill(lower, row, groups.count(), (int) lower.stride(), Float.POSITIVE_INFINITY);
    }

    @Override
    public void centersMoved(double[] squaredShifts) {
        for (int g = 0; g < groups.count(); g++) {
            float maximum = 0;
            for (int j = groups.from(g); j < groups.to(g); j++) {
                shifts[j] = (float) (Math.sqrt(squaredShifts[j]) * (1 + SLACK));
                maximum = Math.max(maximum, shifts[j]);
            }
            groupShifts.set(0, g, maximum);
        }
    }

    @Override
    public ChangedRows assign() {
        if (sketch != null) {
            centerSketches.prepare(centers);
        }
        pool.run(slices.count(), (slice, worker) -> {
            Scratch scratch = new Scratch(shifts.length, groups.count());
            int[] picked = new int[BLOCK];
            int from = (int) slices.from(slice);
            changed.clear(slice);
            for (int block = from; block < slices.to(slice); block += BLOCK) {
                int rows = (int) Math.min(BLOCK, slices.to(slice) - block);
                for (int i = block; i < block + rows; i++) {
                    upper[i] += labels[i] < 0 ? 0 : shifts[labels[i]];
                }
                int count = KERNELS.lowerBounds(
                        lower.segment(),
                        lower.offset(block),
                        lower.offset(1),
                        rows,
                        (int) lower.stride(),
                        groupShifts.segment(),
                        upper,
                        block,
                        picked);
                long own = (long) worker * BLOCK;
                if (sketch != null) {
                    multiplySketches(block, picked, count, own);
                }
                for (int p = 0; p < count; p++) {
                    int row = block + picked[p];
                    int before = labels[row];
                    if (sketch == null) {
                        settle(row, worker, scratch.distances);
                    } else {
                        settleBySketch(row, own + p, worker, scratch);
                    }
                    if (labels[row] != before) {
                        changed.add(slice, row, before);
                    }
                }
            }
        });
        return changed.join();
    }

    /** Multiplies the sketches of the picked rows of a block by those of all centres, into rows {@code own} and on. */
    private void multiplySketches(int block, int[] picked, int count, long own) {
        for (int p = 0; p < count; p++) {
            Elements.copyRow(rowSketches.rows(), block + picked[p], gathered, own + p);
        }
        centerSketches.multiply(gathered, own, count, scores, own);
    }

    /** Computes distances of one row until the nearest centre is certain. */
    private void settle(int row, int worker, float[] distances) {
        long read = reader.read(row, worker);
        MemorySegment kept = lower.segment();
        long at = lower.offset(row);
        int best = labels[row];
        float minimum = Float.POSITIVE_INFINITY;
        if (best >= 0) {
            measure(read, best, best + 1, distances);
            minimum = distances[best];
        }
        float limit = above(minimum);
        for (int g = 0; g < groups.count(); g++) {
            if (Elements.get(kept, at, g) >= limit) {
                continue;
            }
            measure(read, groups.from(g), groups.to(g), distances);
            int nearest = -1;
            float first = Float.POSITIVE_INFINITY;
            float second = Float.POSITIVE_INFINITY;
            for (int j = groups.from(g); j < groups.to(g); j++) {
                float distance = j == best ? Float.POSITIVE_INFINITY : distances[j];
                if (distance < first) {
                    second = first;
                    first = distance;
                    nearest = j;
                } else if (distance < second) {
                    second = distance;
                }
            }
            if (first < minimum) {
                Elements.set(kept, at, g, below(second));
                if (best >= 0) {
                    // The previous centre becomes one of the others of its group.
                    int home = groups.groupOf(best);
                    Elements.set(kept, at, home, Math.min(Elements.get(kept, at, home), below(minimum)));
                }
                best = nearest;
                minimum = first;
                limit = above(minimum);
            } else {
                Elements.set(kept, at, g, below(first));
            }
        }
        upper[row] = limit;
        labels[row] = Math.max(best, 0);
    }

    /**
     * As {@link #settle}, but with lower bounds from sketches before any distance is measured.
     *
     * @param told the row of the sketch and of its products
     */
    private void settleBySketch(int row, long told, int worker, Scratch scratch) {
        float[] seen = scratch.scores;
        int[] open = scratch.open;
        MemorySegment kept = lower.segment();
        long at = lower.offset(row);
        int best = labels[row];
        float limit = upper[row];
        double base = centerSketches.base(gathered, told);
        double error = rowSketches.margin();
        centerSketches.scores(scores, told, seen);
        int former = best < 0 ? minimumIndex(seen) : best;
        float formerScore = seen[former];
        // The row's own centre is not among the others, whose bounds these are.
        seen[former] = Float.POSITIVE_INFINITY;
        int below = KERNELS.columnsBelow(kept, at, groups.count(), zeros.segment(), 0, limit, open);
        int count = 0;
        for (int o = 0; o < below; o++) {
            int g = open[o];
            float minimum = Float.POSITIVE_INFINITY;
            for (int j = groups.from(g); j < groups.to(g); j++) {
                minimum = Math.min(minimum, seen[j]);
            }
            // The previous bound may still be sharper.
            float now = Math.max(Elements.get(kept, at, g), bound(minimum, base, error));
            Elements.set(kept, at, g, now);
            if (now < limit) {
                open[count++] = g;
            }
        }
        if (count == 0 && best >= 0) {
            return;
        }
        best = former;
        long read = reader.read(row, worker);
        float[] distances = scratch.distances;
        measure(read, best, best + 1, distances);
        float minimum = distances[best];
        // Never wider than before, even by rounding: only the bounds below that limit are fresh.
        limit = Math.min(limit, above(minimum));
        float far = centerSketches.scoreAt(limit / (1 - SLACK), base, error);
        for (int o = 0; o < count; o++) {
            int g = open[o];
            if (Elements.get(kept, at, g) >= limit) {
                continue;
            }
            float others = Float.POSITIVE_INFINITY;
            float farthest = Float.POSITIVE_INFINITY;
            for (int j = groups.from(g); j < groups.to(g); j++) {
                if (seen[j] >= far) {
                    farthest = Math.min(farthest, seen[j]);
                    continue;
                }
                measure(read, j, j + 1, distances);
                if (distances[j] < minimum) {
                    int home = groups.groupOf(best);
                    float before = below(minimum);
                    if (home == g) {
                        others = Math.min(others, before);
                    } else {
                        Elements.set(kept, at, home, Math.min(Elements.get(kept, at, home), before));
                    }
                    if (best == former) {
                        // One of the others now, perhaps in a group that is still to come.
                        seen[best] = formerScore;
                    }
                    best = j;
                    minimum = distances[j];
                    limit = above(minimum);
                    far = centerSketches.scoreAt(limit / (1 - SLACK), base, error);
                } else {
                    others = Math.min(others, below(distances[j]));
                }
            }
            Elements.set(kept, at, g, Math.min(others, bound(farthest, base, error)));
        }
        upper[row] = limit;
        labels[row] = best;
    }

    private float bound(float score, double base, double error) {
        return (float) (centerSketches.lowerBound(score, base, error) * (1 - SLACK));
    }

    private static int minimumIndex(float[] values) {
        int minimum = 0;
        for (int j = 1; j < values.length; j++) {
            if (values[j] < values[minimum]) {
                minimum = j;
            }
        }
        return minimum;
    }

    /** @param read row of the reader's floats */
    private void measure(long read, int from, int to, float[] distances) {
        KERNELS.squaredDistances(
                points.segment(),
                points.offset(read),
                centers.segment(),
                centers.offset(from),
                centers.offset(1),
                to - from,
                d,
                distances,
                from);
    }

    private static float above(float squared) {
        return (float) (Math.sqrt(squared) * (1 + SLACK));
    }

    private static float below(float squared) {
        return (float) (Math.sqrt(squared) * (1 - SLACK));
    }

    /** What a worker writes for the rows of a slice. */
    private static final class Scratch {
        final float[] distances;
        final float[] scores;
        final int[] open;

        Scratch(int clusters, int groups) {
            distances = new float[clusters];
            scores = new float[clusters];
            open = new int[groups];
        }
    }

    @Override
    public void close() {
        reader.close();
        lower.close();
        groupShifts.close();
        gathered.close();
        scores.close();
        zeros.close();
        if (centerSketches != null) {
            centerSketches.close();
        }
    }
}
