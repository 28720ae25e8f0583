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
    private final FloatMatrix centerSketches;
    private double margin;
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
        centerSketches = FloatMatrix.allocate(sketch == null ? 0 : centers.rows(), sketch == null ? 0 : sketch.width());
        slices = RowSlices.of(n, BLOCK);
        upper = new float[n];
        lower = FloatMatrix.allocate(n, groups.count());
        groupShifts = FloatMatrix.allocate(1, groups.count());
        shifts = new float[(int) centers.rows()];
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
            margin = rowSketches.margin() + sketch.projectAll(centers, centerSketches, pool);
        }
        pool.run(slices.count(), (slice, worker) -> {
            float[] distances = new float[shifts.length];
            float[] bounds = new float[shifts.length];
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
                for (int p = 0; p < count; p++) {
                    int row = block + picked[p];
                    int before = labels[row];
                    if (sketch == null) {
                        settle(row, worker, distances);
                    } else {
                        settleBySketch(row, worker, distances, bounds);
                    }
                    if (labels[row] != before) {
                        changed.add(slice, row, before);
                    }
                }
            }
        });
        return changed.join();
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

    /** As {@link #settle}, but with lower bounds from sketches before any distance is measured. */
    private void settleBySketch(int row, int worker, float[] distances, float[] bounds) {
        MemorySegment kept = lower.segment();
        long at = lower.offset(row);
        int best = labels[row];
        float limit = upper[row];
        boolean open = false;
        for (int g = 0; g < groups.count(); g++) {
            float before = Elements.get(kept, at, g);
            if (before < limit) {
                float minimum = boundBySketch(row, g, best, bounds);
                // The previous bound may still be sharper.
                float now = Math.max(before, minimum);
                Elements.set(kept, at, g, now);
                open |= now < limit;
            }
        }
        if (!open) {
            return;
        }
        if (best < 0) {
            best = minimumIndex(bounds);
        }
        long read = reader.read(row, worker);
        measure(read, best, best + 1, distances);
        float minimum = distances[best];
        // Never wider than before, even by rounding: only the bounds below that limit are fresh.
        limit = Math.min(limit, above(minimum));
        for (int g = 0; g < groups.count(); g++) {
            if (Elements.get(kept, at, g) >= limit) {
                continue;
            }
            float others = Float.POSITIVE_INFINITY;
            for (int j = groups.from(g); j < groups.to(g); j++) {
                if (j == best) {
                    continue;
                }
                if (bounds[j] >= limit) {
                    others = Math.min(others, bounds[j]);
                    continue;
                }
                measure(read, j, j + 1, distances);
                if (distances[j] < minimum) {
                    int home = groups.groupOf(best);
                    float former = below(minimum);
                    if (home == g) {
                        others = Math.min(others, former);
                    } else {
                        Elements.set(kept, at, home, Math.min(Elements.get(kept, at, home), former));
                    }
                    best = j;
                    minimum = distances[j];
                    limit = above(minimum);
                } else {
                    others = Math.min(others, below(distances[j]));
                }
            }
            Elements.set(kept, at, g, others);
        }
        upper[row] = limit;
        labels[row] = best;
    }

    /**
     * Computes the bounds of a group's members from their sketches; returns the minimum, without that of {@code best}.
     */
    private float boundBySketch(int row, int group, int best, float[] bounds) {
        int from = groups.from(group);
        int to = groups.to(group);
        KERNELS.squaredDistances(
                rowSketches.rows().segment(),
                rowSketches.rows().offset(row),
                centerSketches.segment(),
                centerSketches.offset(from),
                centerSketches.offset(1),
                to - from,
                sketch.width(),
                bounds,
                from);
        float minimum = Float.POSITIVE_INFINITY;
        for (int j = from; j < to; j++) {
            bounds[j] = (float) ((Math.sqrt(bounds[j]) - margin) * (1 - SLACK));
            if (j != best) {
                minimum = Math.min(minimum, bounds[j]);
            }
        }
        return minimum;
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

    @Override
    public void close() {
        reader.close();
        lower.close();
        groupShifts.close();
        centerSketches.close();
    }
}
