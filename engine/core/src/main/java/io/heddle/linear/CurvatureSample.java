package io.heddle.linear;

import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * The sampled rows of an estimated Hessian and their weights, for every pair of classes.
 *
 * <p>The curvature of a row for a pair of classes is w = p꜀ pₑ, and for most rows only two or three classes have a
 * probability above 1e-3. A row whose weight exceeds a unit keeps it. Other weights are rounded to the unit or to zero
 * by systematic sampling in the order of the rows, which keeps the expected sum. Nearly all weights are then equal,
 * which gives a sample of a given size the smallest variance. Each row adds the Laplacian of a graph of classes, so
 * that every estimate is positive semidefinite.
 */
final class CurvatureSample {
    /**
     * Probabilities below this are ignored in float. In double all are used, because all rows may be far from the
     * border.
     */
    private static final float IMPOSSIBLE = 1e-5f;

    private static final int SLICE = 1024;
    private static final int MAXIMUM_SLICES = 32;

    /**
     * Rows of a pair, ascending, and their weights.
     *
     * @param rows row numbers
     * @param weights one per row
     */
    record Chosen(IntArrayList rows, FloatArrayList weights) {
        Chosen() {
            this(new IntArrayList(), new FloatArrayList());
        }

        void add(int row, float weight) {
            rows.add(row);
            weights.add(weight);
        }
    }

    /** Returns the cost of a row of weight 1 in a pair of classes. */
    @FunctionalInterface
    interface Cost {
        double of(int a, int b);
    }

    private final int classes;
    private final boolean coupled;
    private final Chosen[] chosen;

    private CurvatureSample(int classes, boolean coupled) {
        this.classes = classes;
        this.coupled = coupled;
        chosen = new Chosen[coupled ? classes * classes : classes];
    }

    /** Rows of a pair of classes, or of one class with itself; null if there are none. */
    Chosen chosen(int a, int b) {
        return chosen[index(a, b)];
    }

    private int index(int a, int b) {
        return coupled ? a * classes + b : a;
    }

    /**
     * Draws from all rows of a loss at its current point.
     *
     * @param coupled whether to use pairs of different classes, or each class alone with weights p(1 − p)
     * @param cost of a row in a pair
     * @param budget approximate total cost of all rows, which sets the unit
     */
    static CurvatureSample draw(RowLoss loss, boolean coupled, Cost cost, double budget, WorkerPool pool) {
        RowSlices slices = RowSlices.of(loss.rows(), SLICE, MAXIMUM_SLICES);
        int pairs = coupled ? loss.classes() * loss.classes() : loss.classes();
        double[][] totals = new double[slices.count()][pairs];
        pool.run(slices.count(), (slice, worker) -> {
            CurvatureSample sums = new CurvatureSample(loss.classes(), coupled);
            sums.visit(loss, slices, slice, (pair, row, weight, other, classIndex) -> totals[slice][pair] += weight);
        });
        CurvatureSample result = new CurvatureSample(loss.classes(), coupled);
        float unit = (float) (result.totalCost(totals, cost) / budget);
        CurvatureSample[] parts = new CurvatureSample[slices.count()];
        pool.run(slices.count(), (slice, worker) -> parts[slice] = result.round(loss, slices, slice, unit));
        for (CurvatureSample part : parts) {
            result.append(part);
        }
        return result;
    }

    private double totalCost(double[][] totals, Cost cost) {
        double sum = 0;
        for (double[] total : totals) {
            for (int a = 0; a < classes; a++) {
                for (int b = a; b < (coupled ? classes : a + 1); b++) {
                    double weight = total[index(a, b)];
                    if (coupled && weight > 0) {
                        sum += weight * (cost.of(a, b) + cost.of(a, a) + cost.of(b, b));
                    } else {
                        sum += weight * cost.of(a, b);
                    }
                }
            }
        }
        return sum;
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(int pair, int row, float weight, int a, int b);
    }

    /**
     * The pairs in which a row has curvature: of different classes in the coupled form, else of a class with itself.
     */
    private void visit(RowLoss loss, RowSlices slices, int slice, Visitor visitor) {
        float[] p = new float[classes];
        int[] likely = new int[classes];
        float impossible = loss.exact() ? 0 : IMPOSSIBLE;
        for (long row = slices.from(slice); row < slices.to(slice); row++) {
            loss.probabilities((int) row, p);
            float own = (float) loss.rowWeight((int) row);
            int count = above(impossible, p, likely);
            if (coupled) {
                visitPairs((int) row, own, p, likely, count, visitor);
            } else {
                visitClasses((int) row, own, p, likely, count, visitor);
            }
        }
    }

    /** Writes the numbers of the classes with a probability above a limit and returns their count. */
    private static int above(float limit, float[] p, int[] likely) {
        int count = 0;
        for (int c = 0; c < p.length; c++) {
            if (p[c] > limit) {
                likely[count++] = c;
            }
        }
        return count;
    }

    private void visitPairs(int row, float own, float[] p, int[] likely, int count, Visitor visitor) {
        for (int i = 0; i < count; i++) {
            int a = likely[i];
            for (int j = i + 1; j < count; j++) {
                visitor.visit(index(a, likely[j]), row, own * p[a] * p[likely[j]], a, likely[j]);
            }
        }
    }

    private static void visitClasses(int row, float own, float[] p, int[] likely, int count, Visitor visitor) {
        for (int i = 0; i < count; i++) {
            int a = likely[i];
            visitor.visit(a, row, own * p[a] * (1 - p[a]), a, a);
        }
    }

    private CurvatureSample round(RowLoss loss, RowSlices slices, int slice, float unit) {
        CurvatureSample part = new CurvatureSample(classes, coupled);
        float[] kept = new float[chosen.length];
        java.util.Arrays.fill(kept, unit / 2);
        part.visit(loss, slices, slice, (pair, row, weight, a, b) -> {
            float rounded = weight;
            if (weight < unit) {
                kept[pair] += weight;
                rounded = 0;
                if (kept[pair] >= unit) {
                    kept[pair] -= unit;
                    rounded = unit;
                }
            }
            if (rounded > 0) {
                part.add(pair, row, rounded);
                if (coupled) {
                    part.addToDiagonal(a, row, rounded);
                    part.addToDiagonal(b, row, rounded);
                }
            }
        });
        return part;
    }

    private void add(int pair, int row, float weight) {
        if (chosen[pair] == null) {
            chosen[pair] = new Chosen();
        }
        chosen[pair].add(row, weight);
    }

    private void addToDiagonal(int c, int row, float weight) {
        int pair = index(c, c);
        Chosen own = chosen[pair];
        int last = own == null ? -1 : own.rows().size() - 1;
        if (last >= 0 && own.rows().getInt(last) == row) {
            own.weights().set(last, own.weights().getFloat(last) + weight);
        } else {
            add(pair, row, weight);
        }
    }

    private void append(CurvatureSample part) {
        for (int i = 0; i < chosen.length; i++) {
            if (part.chosen[i] != null) {
                if (chosen[i] == null) {
                    chosen[i] = new Chosen();
                }
                chosen[i].rows().addAll(part.chosen[i].rows());
                chosen[i].weights().addAll(part.chosen[i].weights());
            }
        }
    }
}
