package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** The kernels of training in vectors. A lane is a sample or a unit, so that the scalar twin returns the same bits. */
final class VectorTraining implements TrainingKernels {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ScalarTraining PLAIN = new ScalarTraining();

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
        float[] sums = TileSums.of(rows, columns, depth, a, aOffset, b, bOffset, (long) columns * Float.BYTES);
        rectify(sums, rows, columns, c, cOffset, cRow, accumulate);
    }

    /** c ← max(0, sums), or max(0, c + sums) if {@code accumulate}. */
    private static void rectify(
            float[] sums, int rows, int columns, MemorySegment c, long cOffset, long cRow, boolean accumulate) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j += LANES) {
                FloatVector sum = FloatVector.fromArray(SPECIES, sums, r * columns + j);
                long at = cOffset + r * cRow + (long) j * Float.BYTES;
                if (accumulate) {
                    sum = FloatVector.fromMemorySegment(SPECIES, c, at, ORDER).add(sum);
                }
                sum.blend(zero, sum.lt(zero)).intoMemorySegment(c, at, ORDER);
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
        TileSums.checkDepth(depth);
        float[] sums = TileSums.own();
        RowTile.run(rows, columns / LANES, depth, a, aOffset, aRow, b, bOffset, sums);
        rectify(sums, rows, columns, c, cOffset, cRow, accumulate);
    }

    @Override
    public void softmaxColumns(MemorySegment x, long offset, long rowBytes, int classes, int n) {
        subtractMax(x, offset, rowBytes, classes, n);
        for (int k = 0; k < classes; k++) {
            Exponentials.ofDifferences(x, offset + k * rowBytes, 0f, x, offset + k * rowBytes, n);
        }
        divideBySum(x, offset, rowBytes, classes, n);
    }

    private static void subtractMax(MemorySegment x, long offset, long rowBytes, int classes, int n) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (int k = 0; k < classes; k++) {
                max = max.max(FloatVector.fromMemorySegment(SPECIES, x, at + k * rowBytes, ORDER));
            }
            if (max.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            for (int k = 0; k < classes; k++) {
                FloatVector.fromMemorySegment(SPECIES, x, at + k * rowBytes, ORDER)
                        .sub(max)
                        .intoMemorySegment(x, at + k * rowBytes, ORDER);
            }
        }
    }

    private static void divideBySum(MemorySegment x, long offset, long rowBytes, int classes, int n) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int k = 0; k < classes; k++) {
                sum = sum.add(FloatVector.fromMemorySegment(SPECIES, x, at + k * rowBytes, ORDER));
            }
            if (sum.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            FloatVector scale = FloatVector.broadcast(SPECIES, 1f).div(sum);
            for (int k = 0; k < classes; k++) {
                FloatVector.fromMemorySegment(SPECIES, x, at + k * rowBytes, ORDER)
                        .mul(scale)
                        .intoMemorySegment(x, at + k * rowBytes, ORDER);
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
        if (p.getClass() != KIND || g.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector agreement = FloatVector.zero(SPECIES);
            FloatVector own = FloatVector.zero(SPECIES);
            FloatVector others = FloatVector.zero(SPECIES);
            for (int k = 0; k < classes; k++) {
                FloatVector a = FloatVector.fromMemorySegment(SPECIES, p, at + k * rowBytes, ORDER);
                FloatVector b = FloatVector.fromMemorySegment(SPECIES, p, at + partner + k * rowBytes, ORDER);
                FloatVector all = FloatVector.broadcast(SPECIES, common[k]);
                agreement = a.fma(b, agreement);
                own = a.fma(all, own);
                others = b.fma(all, others);
            }
            if (agreement.getClass() != VECTOR || own.getClass() != VECTOR || others.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            FloatVector some = agreement.max(minimum);
            some.intoArray(agreements, i);
            FloatVector f = FloatVector.broadcast(SPECIES, pull).div(some);
            own = f.fma(agreement, own);
            others = f.fma(agreement, others);
            for (int k = 0; k < classes; k++) {
                FloatVector a = FloatVector.fromMemorySegment(SPECIES, p, at + k * rowBytes, ORDER);
                FloatVector b = FloatVector.fromMemorySegment(SPECIES, p, at + partner + k * rowBytes, ORDER);
                FloatVector all = FloatVector.broadcast(SPECIES, common[k]);
                f.fma(b, all).sub(own).mul(a).intoMemorySegment(g, at + k * rowBytes, ORDER);
                f.fma(a, all).sub(others).mul(b).intoMemorySegment(g, at + partner + k * rowBytes, ORDER);
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
        OutputGradients.run(
                g, gOffset, gRow, classes, w, gradient, wOffset, wRow, h, hOffset, hRow, rows, units, back, panel);
    }

    @Override
    public void agreements(
            MemorySegment p, long row, long rowBytes, int n, int[] others, int from, int count, float[] out) {
        if (p.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        long own = row * rowBytes;
        for (int e = 0; e < count; e++) {
            long other = others[from + e] * rowBytes;
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int j = 0; j < n; j += LANES) {
                long at = (long) j * Float.BYTES;
                sum = FloatVector.fromMemorySegment(SPECIES, p, own + at, ORDER)
                        .fma(FloatVector.fromMemorySegment(SPECIES, p, other + at, ORDER), sum);
            }
            if (sum.getClass() != VECTOR) {
                throw VectorKernels.otherVectors();
            }
            if (LANES >= 16) {
                sum = sum.add(sum.rearrange(BY_8));
            }
            if (LANES >= 8) {
                sum = sum.add(sum.rearrange(BY_4));
            }
            if (LANES >= 4) {
                sum = sum.add(sum.rearrange(BY_2));
            }
            out[e] = sum.add(sum.rearrange(BY_1)).lane(0);
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
        if (w.getClass() != KIND || g.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        if (first.getClass() != KIND || second.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int whole = SPECIES.loopBound(n);
        FloatVector weightDecay = FloatVector.broadcast(SPECIES, decay);
        FloatVector minusRate = FloatVector.broadcast(SPECIES, -rate);
        for (int i = 0; i < whole; i += LANES) {
            long at = offset + (long) i * Float.BYTES;
            FloatVector weight = FloatVector.fromMemorySegment(SPECIES, w, at, ORDER);
            FloatVector gradient = weightDecay.fma(weight, FloatVector.fromMemorySegment(SPECIES, g, at, ORDER));
            FloatVector m = FloatVector.fromMemorySegment(SPECIES, first, at, ORDER)
                    .mul(keepFirst)
                    .add(gradient.mul(1 - keepFirst));
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, second, at, ORDER)
                    .mul(keepSecond)
                    .add(gradient.mul(gradient).mul(1 - keepSecond));
            m.intoMemorySegment(first, at, ORDER);
            v.intoMemorySegment(second, at, ORDER);
            minusRate.fma(m.div(v.sqrt().add(epsilon)), weight).intoMemorySegment(w, at, ORDER);
        }
        long rest = offset + (long) whole * Float.BYTES;
        PLAIN.adam(w, g, first, second, rest, n - whole, rate, epsilon, keepFirst, keepSecond, decay);
    }
}
