package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The scalar twin of {@link VectorTraining}.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="training-kernels"}
 */
public final class ScalarTraining implements TrainingKernels {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Creates the kernels, which have no state. */
    public ScalarTraining() {}

    private static float at(MemorySegment s, long offset, int i) {
        return s.get(FLOAT, offset + (long) i * Float.BYTES);
    }

    private static void put(MemorySegment s, long offset, int i, float value) {
        s.set(FLOAT, offset + (long) i * Float.BYTES, value);
    }

    @Override
    public void rectifiedTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        int leftStep = Simd.kernels().leftStep();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum = FusedMultiplyAdd.of(at(a, aOffset, k * leftStep + r), at(b, bOffset, k * columns + j), sum);
                }
                float before = accumulate ? at(c, cOffset + r * cRow, j) : 0f;
                put(c, cOffset + r * cRow, j, Math.max(before + sum, 0f));
            }
        }
    }

    @Override
    public void rectifiedRowTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum = FusedMultiplyAdd.of(at(a, aOffset + r * aRow, k), at(b, bOffset, k * columns + j), sum);
                }
                float before = accumulate ? at(c, cOffset + r * cRow, j) : 0f;
                put(c, cOffset + r * cRow, j, Math.max(before + sum, 0f));
            }
        }
    }

    @Override
    public void softmaxColumns(MemorySegment x, long offset, long rowBytes, int classes, int n) {
        for (int i = 0; i < n; i++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                max = Math.max(max, at(x, offset + k * rowBytes, i));
            }
            float sum = 0;
            for (int k = 0; k < classes; k++) {
                float e = ExpPolynomial.exp(at(x, offset + k * rowBytes, i) - max);
                put(x, offset + k * rowBytes, i, e);
                sum += e;
            }
            float scale = 1 / sum;
            for (int k = 0; k < classes; k++) {
                put(x, offset + k * rowBytes, i, at(x, offset + k * rowBytes, i) * scale);
            }
        }
    }

    @Override
    public void pairGradients(
            MemorySegment p,
            long offset,
            long partner,
            long rowBytes,
            int classes,
            int n,
            float pull,
            float minimum,
            float[] common,
            MemorySegment g,
            float[] agreements) {
        for (int i = 0; i < n; i++) {
            float agreement = 0;
            float own = 0;
            float others = 0;
            for (int k = 0; k < classes; k++) {
                float a = at(p, offset + k * rowBytes, i);
                float b = at(p, offset + partner + k * rowBytes, i);
                agreement = FusedMultiplyAdd.of(a, b, agreement);
                own = FusedMultiplyAdd.of(a, common[k], own);
                others = FusedMultiplyAdd.of(b, common[k], others);
            }
            agreements[i] = Math.max(agreement, minimum);
            float f = pull / agreements[i];
            own = FusedMultiplyAdd.of(f, agreement, own);
            others = FusedMultiplyAdd.of(f, agreement, others);
            for (int k = 0; k < classes; k++) {
                float a = at(p, offset + k * rowBytes, i);
                float b = at(p, offset + partner + k * rowBytes, i);
                put(g, offset + k * rowBytes, i, (FusedMultiplyAdd.of(f, b, common[k]) - own) * a);
                put(g, offset + partner + k * rowBytes, i, (FusedMultiplyAdd.of(f, a, common[k]) - others) * b);
            }
        }
    }

    @Override
    public void outputGradients(
            MemorySegment g,
            long gOffset,
            long gRow,
            int classes,
            MemorySegment w,
            MemorySegment gradient,
            long wOffset,
            long wRow,
            MemorySegment h,
            long hOffset,
            long hRow,
            int rows,
            int units,
            MemorySegment back,
            int panel) {
        checkRows(rows);
        for (int j = 0; j < units; j++) {
            float[] sums = new float[classes];
            int before = j / panel * panel;
            int width = Math.min(panel, units - before);
            for (int r = 0; r < rows; r++) {
                float unit = at(h, hOffset + r * hRow, j);
                float sum = 0;
                for (int k = 0; k < classes; k++) {
                    float slope = at(g, gOffset + k * gRow, r);
                    sum = FusedMultiplyAdd.of(slope, at(w, wOffset + k * wRow, j), sum);
                    sums[k] = FusedMultiplyAdd.of(slope, unit, sums[k]);
                }
                put(back, 0, before * rows + r * width + j - before, unit > 0 ? sum : 0f);
            }
            for (int k = 0; k < classes; k++) {
                put(gradient, wOffset + k * wRow, j, at(gradient, wOffset + k * wRow, j) + sums[k]);
            }
        }
    }

    static void checkRows(int rows) {
        if (rows > MAXIMUM_ROWS) {
            throw new IllegalArgumentException("gradients of %d rows, of at most %d".formatted(rows, MAXIMUM_ROWS));
        }
    }

    @Override
    public void agreements(
            MemorySegment p, long row, long rowBytes, int n, int[] others, int from, int count, float[] out) {
        for (int e = 0; e < count; e++) {
            float sum = 0;
            for (int j = 0; j < n; j++) {
                sum = FusedMultiplyAdd.of(at(p, row * rowBytes, j), at(p, others[from + e] * rowBytes, j), sum);
            }
            out[e] = sum;
        }
    }

    @Override
    public void adam(
            MemorySegment w,
            MemorySegment g,
            MemorySegment first,
            MemorySegment second,
            long offset,
            int n,
            float rate,
            float epsilon,
            float keepFirst,
            float keepSecond,
            float decay) {
        for (int i = 0; i < n; i++) {
            float weight = at(w, offset, i);
            float gradient = FusedMultiplyAdd.of(decay, weight, at(g, offset, i));
            float m = at(first, offset, i) * keepFirst + gradient * (1 - keepFirst);
            float v = at(second, offset, i) * keepSecond + gradient * gradient * (1 - keepSecond);
            put(first, offset, i, m);
            put(second, offset, i, v);
            put(w, offset, i, FusedMultiplyAdd.of(-rate, m / ((float) Math.sqrt(v) + epsilon), weight));
        }
    }
}
