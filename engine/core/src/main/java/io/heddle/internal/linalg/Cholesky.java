package io.heddle.internal.linalg;

import io.heddle.internal.gemm.PackedProduct;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The lower Cholesky factor of a symmetric positive definite matrix, blocked so that most of the work is matrix
 * products. Solves linear systems with the factor. O(m³ / 3) once, O(2 m²) for each solution.
 *
 * <p>Intended as a preconditioner: a pivot that is only rounding error is replaced by the diagonal entry of the matrix,
 * and {@link #repairedPivots()} counts it.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="cholesky"}
 */
public final class Cholesky implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long FLOAT_BYTES = Float.BYTES;
    private static final int BLOCK = 96;
    private static final int TASK_ROWS = 64;
    /** Share of the diagonal entry below which a pivot is rounding error. */
    private static final double MINIMUM_PIVOT = 1e-6;

    private final FloatMatrix factor;
    private final int size;
    private int repairedPivots;

    private Cholesky(FloatMatrix factor) {
        this.factor = factor;
        this.size = factor.columns();
    }

    /**
     * Factors in place.
     *
     * @param matrix m × m, its lower triangle is read and overwritten; owned by the result from now on
     */
    public static Cholesky factorInPlace(FloatMatrix matrix, WorkerPool pool) {
        Cholesky result = new Cholesky(matrix);
        try {
            result.factor(pool);
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    /** The number of replaced pivots: 0 for a matrix that is numerically positive definite. */
    public int repairedPivots() {
        return repairedPivots;
    }

    private void factor(WorkerPool pool) {
        float[] diagonal = new float[size];
        for (int i = 0; i < size; i++) {
            diagonal[i] = factor.get(i, i);
        }
        try (FloatMatrix inverse = FloatMatrix.allocate(BLOCK, BLOCK);
                FloatMatrix solved = FloatMatrix.allocate(size, BLOCK);
                FloatMatrix negated = FloatMatrix.allocate(BLOCK, size);
                Panels inversePanels = Panels.allocateForPacked(BLOCK, BLOCK);
                Panels negatedPanels = Panels.allocateForPacked(BLOCK, size)) {
            for (int k = 0; k < size; k += BLOCK) {
                int width = Math.min(BLOCK, size - k);
                factorDiagonalBlock(k, width, diagonal, inverse);
                int below = size - k - width;
                if (below > 0) {
                    inversePanels.repackTransposed(inverse);
                    FloatMatrix rest = negated.reshaped(BLOCK, below);
                    rest.segment().fill((byte) 0);
                    solveBelow(k, width, below, inversePanels, solved, rest, pool);
                    negatedPanels.repackNarrower(rest, width);
                    updateTrailing(k, width, below, negatedPanels, pool);
                }
            }
        }
    }

    /** Factors the diagonal block in double and writes L⁻¹ to {@code inverse}, with zeros beyond the block's width. */
    private void factorDiagonalBlock(int k, int width, float[] diagonal, FloatMatrix inverse) {
        double[][] upper = new double[width][width];
        for (int i = 0; i < width; i++) {
            readRow(k, i, upper);
        }
        UpperFactor.compute(upper, (i, pivot) -> root(pivot, diagonal[k + i]));
        inverse.segment().fill((byte) 0);
        double[][] solved = new double[width][width];
        for (int i = 0; i < width; i++) {
            UpperFactor.invertRow(upper, i, solved);
            writeRow(k, i, upper, solved[i], inverse);
        }
    }

    // A method for each of these loops: C2 would compile all of the method above for each loop that is hot.

    private void readRow(int k, int i, double[][] upper) {
        for (int j = 0; j <= i; j++) {
            upper[j][i] = factor.get(k + i, k + j);
        }
    }

    private void writeRow(int k, int i, double[][] upper, double[] inverted, FloatMatrix inverse) {
        for (int j = 0; j <= i; j++) {
            inverse.set(i, j, (float) inverted[j]);
            factor.set(k + i, k + j, (float) upper[j][i]);
        }
    }

    private double root(double pivot, float diagonal) {
        if (pivot > MINIMUM_PIVOT * diagonal) {
            return Math.sqrt(pivot);
        }
        repairedPivots++;
        return diagonal > 0 ? Math.sqrt(diagonal) : 1;
    }

    /** L₂₁ = A₂₁ L₁₁⁻ᵀ into the factor, and −L₂₁ᵀ into {@code negated}. */
    private void solveBelow(
            int k, int width, int below, Panels inverse, FloatMatrix solved, FloatMatrix negated, WorkerPool pool) {
        int first = k + width;
        MemorySegment f = factor.segment();
        pool.run(tasks(below), (task, worker) -> {
            int from = task * TASK_ROWS;
            int to = Math.min(below, from + TASK_ROWS);
            PackedProduct.multiply(
                    f,
                    factor.offset(first + from) + k * FLOAT_BYTES,
                    factor.offset(1),
                    FLOAT_BYTES,
                    to - from,
                    inverse,
                    BLOCK,
                    solved,
                    from,
                    0,
                    false,
                    false);
            for (int r = from; r < to; r++) {
                MemorySegment.copy(
                        solved.segment(),
                        solved.offset(r),
                        f,
                        factor.offset(first + r) + k * FLOAT_BYTES,
                        width * FLOAT_BYTES);
                for (int t = 0; t < width; t++) {
                    float v = solved.segment().get(FLOAT, solved.offset(r) + t * FLOAT_BYTES);
                    negated.segment().set(FLOAT, negated.offset(t) + r * FLOAT_BYTES, -v);
                }
            }
        });
    }

    /**
     * A₂₂ ← A₂₂ − L₂₁ L₂₁ᵀ on and below the diagonal; tiles that cross it also write above it, where no value is used.
     */
    private void updateTrailing(int k, int width, int below, Panels negated, WorkerPool pool) {
        int first = k + width;
        MemorySegment f = factor.segment();
        pool.run(tasks(below), (task, worker) -> {
            int from = task * TASK_ROWS;
            int to = Math.min(below, from + TASK_ROWS);
            PackedProduct.multiply(
                    f,
                    factor.offset(first + from) + k * FLOAT_BYTES,
                    factor.offset(1),
                    FLOAT_BYTES,
                    to - from,
                    negated,
                    // The first column is a multiple of 16, as the stride is: the last tile ends in the padding.
                    Math.min(negated.paddedColumns(), to),
                    factor,
                    first + from,
                    first,
                    true,
                    false);
        });
    }

    /**
     * Solves L Lᵀ z = r in place.
     *
     * @param r at least m floats, starting at byte 0
     */
    public void solve(MemorySegment r) {
        MemorySegment f = factor.segment();
        for (int i = 0; i < size; i++) {
            long row = factor.offset(i);
            float s = r.get(FLOAT, i * FLOAT_BYTES) - KERNELS.dot(f, row, r, 0, i);
            r.set(FLOAT, i * FLOAT_BYTES, s / f.get(FLOAT, row + i * FLOAT_BYTES));
        }
        for (int i = size - 1; i >= 0; i--) {
            long row = factor.offset(i);
            float s = r.get(FLOAT, i * FLOAT_BYTES) / f.get(FLOAT, row + i * FLOAT_BYTES);
            r.set(FLOAT, i * FLOAT_BYTES, s);
            KERNELS.axpy(-s, f, row, r, 0, i);
        }
    }

    private static int tasks(int rows) {
        return (rows + TASK_ROWS - 1) / TASK_ROWS;
    }

    @Override
    public void close() {
        factor.close();
    }
}
