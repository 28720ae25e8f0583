package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link TrainingKernels#outputGradients} in vectors: for as many units as a vector has lanes, the weights of ten
 * classes and the sums of their gradients stay in registers for all samples. Each gradient with respect to a logit is
 * broadcast once and used in both products. Two separate products would be too shallow to fill a tile and would read
 * the units three times.
 *
 * <p>The sums are local variables and are stored through an array, for the reasons in {@link TwelveRowTile}.
 */
final class OutputGradients {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int GROUP = TrainingKernels.CLASS_GROUP;
    private static final int MAXIMUM_ROWS = TrainingKernels.MAXIMUM_ROWS;

    /** The weights of a group, one vector per class, followed by the sums. */
    private static final ThreadLocal<float[]> SCRATCH = ThreadLocal.withInitial(() -> new float[2 * GROUP * LANES]);

    /**
     * A group's gradients with respect to the logits, class by class. Single reads from a segment have checks for every
     * kind of memory that a program uses; with these, C2 would not keep the vectors in registers.
     */
    private static final ThreadLocal<float[]> SLOPES = ThreadLocal.withInitial(() -> new float[GROUP * MAXIMUM_ROWS]);

    private OutputGradients() {}

    static void run(
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
        ScalarTraining.checkRows(rows);
        float[] scratch = SCRATCH.get();
        float[] slopes = SLOPES.get();
        for (int first = 0; first < classes; first += GROUP) {
            int some = Math.min(GROUP, classes - first);
            fetchSlopes(g, gOffset + first * gRow, gRow, rows, some, slopes);
            long atW = wOffset + first * wRow;
            for (int j = 0; j < units; j += LANES) {
                long at = (long) j * Float.BYTES;
                fetch(w, atW + at, wRow, some, scratch);
                int before = j / panel * panel;
                long backRow = (long) Math.min(panel, units - before) * Float.BYTES;
                long atBack = (long) before * rows * Float.BYTES + (long) (j - before) * Float.BYTES;
                pass(slopes, scratch, h, hOffset + at, hRow, rows, back, atBack, backRow, first > 0);
                add(scratch, gradient, atW + at, wRow, some);
            }
        }
    }

    /** The gradients of missing classes are 0. */
    private static void fetchSlopes(MemorySegment g, long offset, long gRow, int rows, int some, float[] slopes) {
        for (int k = 0; k < some; k++) {
            MemorySegment.copy(g, FLOAT, offset + k * gRow, slopes, k * MAXIMUM_ROWS, rows);
        }
        Arrays.fill(slopes, some * MAXIMUM_ROWS, GROUP * MAXIMUM_ROWS, 0f);
    }

    /** Missing classes have weight 0. */
    private static void fetch(MemorySegment w, long at, long wRow, int some, float[] scratch) {
        if (w.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int k = 0; k < GROUP; k++) {
            if (k < some) {
                FloatVector.fromMemorySegment(SPECIES, w, at + k * wRow, ORDER).intoArray(scratch, k * LANES);
            } else {
                FloatVector.zero(SPECIES).intoArray(scratch, k * LANES);
            }
        }
    }

    private static void add(float[] scratch, MemorySegment gradient, long at, long wRow, int some) {
        if (gradient.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int k = 0; k < some; k++) {
            FloatVector.fromMemorySegment(SPECIES, gradient, at + k * wRow, ORDER)
                    .add(FloatVector.fromArray(SPECIES, scratch, (GROUP + k) * LANES))
                    .intoMemorySegment(gradient, at + k * wRow, ORDER);
        }
    }

    private static void pass(
            float[] slopes,
            float[] scratch,
            MemorySegment h,
            long hOffset,
            long hRow,
            int rows,
            MemorySegment back,
            long backOffset,
            long backRow,
            boolean accumulate) {
        if (h.getClass() != KIND || back.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector w0 = FloatVector.fromArray(SPECIES, scratch, 0 * LANES);
        FloatVector w1 = FloatVector.fromArray(SPECIES, scratch, 1 * LANES);
        FloatVector w2 = FloatVector.fromArray(SPECIES, scratch, 2 * LANES);
        FloatVector w3 = FloatVector.fromArray(SPECIES, scratch, 3 * LANES);
        FloatVector w4 = FloatVector.fromArray(SPECIES, scratch, 4 * LANES);
        FloatVector w5 = FloatVector.fromArray(SPECIES, scratch, 5 * LANES);
        FloatVector w6 = FloatVector.fromArray(SPECIES, scratch, 6 * LANES);
        FloatVector w7 = FloatVector.fromArray(SPECIES, scratch, 7 * LANES);
        FloatVector w8 = FloatVector.fromArray(SPECIES, scratch, 8 * LANES);
        FloatVector w9 = FloatVector.fromArray(SPECIES, scratch, 9 * LANES);
        FloatVector zero = FloatVector.zero(SPECIES);
        // Not a branch: a vector chosen by a branch becomes an object.
        VectorMask<Float> keep = SPECIES.maskAll(accumulate);
        FloatVector s0 = zero;
        FloatVector s1 = zero;
        FloatVector s2 = zero;
        FloatVector s3 = zero;
        FloatVector s4 = zero;
        FloatVector s5 = zero;
        FloatVector s6 = zero;
        FloatVector s7 = zero;
        FloatVector s8 = zero;
        FloatVector s9 = zero;
        for (int r = 0; r < rows; r++) {
            FloatVector unit = FloatVector.fromMemorySegment(SPECIES, h, hOffset + r * hRow, ORDER);
            FloatVector sum =
                    zero.blend(FloatVector.fromMemorySegment(SPECIES, back, backOffset + r * backRow, ORDER), keep);
            FloatVector x0 = FloatVector.broadcast(SPECIES, slopes[r]);
            sum = w0.fma(x0, sum);
            s0 = unit.fma(x0, s0);
            FloatVector x1 = FloatVector.broadcast(SPECIES, slopes[1 * MAXIMUM_ROWS + r]);
            sum = w1.fma(x1, sum);
            s1 = unit.fma(x1, s1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, slopes[2 * MAXIMUM_ROWS + r]);
            sum = w2.fma(x2, sum);
            s2 = unit.fma(x2, s2);
            FloatVector x3 = FloatVector.broadcast(SPECIES, slopes[3 * MAXIMUM_ROWS + r]);
            sum = w3.fma(x3, sum);
            s3 = unit.fma(x3, s3);
            FloatVector x4 = FloatVector.broadcast(SPECIES, slopes[4 * MAXIMUM_ROWS + r]);
            sum = w4.fma(x4, sum);
            s4 = unit.fma(x4, s4);
            FloatVector x5 = FloatVector.broadcast(SPECIES, slopes[5 * MAXIMUM_ROWS + r]);
            sum = w5.fma(x5, sum);
            s5 = unit.fma(x5, s5);
            FloatVector x6 = FloatVector.broadcast(SPECIES, slopes[6 * MAXIMUM_ROWS + r]);
            sum = w6.fma(x6, sum);
            s6 = unit.fma(x6, s6);
            FloatVector x7 = FloatVector.broadcast(SPECIES, slopes[7 * MAXIMUM_ROWS + r]);
            sum = w7.fma(x7, sum);
            s7 = unit.fma(x7, s7);
            FloatVector x8 = FloatVector.broadcast(SPECIES, slopes[8 * MAXIMUM_ROWS + r]);
            sum = w8.fma(x8, sum);
            s8 = unit.fma(x8, s8);
            FloatVector x9 = FloatVector.broadcast(SPECIES, slopes[9 * MAXIMUM_ROWS + r]);
            sum = w9.fma(x9, sum);
            s9 = unit.fma(x9, s9);
            zero.blend(sum, zero.lt(unit)).intoMemorySegment(back, backOffset + r * backRow, ORDER);
        }
        if (s0.getClass() != VECTOR
                || s1.getClass() != VECTOR
                || s2.getClass() != VECTOR
                || s3.getClass() != VECTOR
                || s4.getClass() != VECTOR
                || s5.getClass() != VECTOR
                || s6.getClass() != VECTOR
                || s7.getClass() != VECTOR
                || s8.getClass() != VECTOR
                || s9.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s0.intoArray(scratch, 10 * LANES);
        s1.intoArray(scratch, 11 * LANES);
        s2.intoArray(scratch, 12 * LANES);
        s3.intoArray(scratch, 13 * LANES);
        s4.intoArray(scratch, 14 * LANES);
        s5.intoArray(scratch, 15 * LANES);
        s6.intoArray(scratch, 16 * LANES);
        s7.intoArray(scratch, 17 * LANES);
        s8.intoArray(scratch, 18 * LANES);
        s9.intoArray(scratch, 19 * LANES);
    }
}
