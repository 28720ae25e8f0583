package io.heddle.simd;

import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile for 512-bit vectors: 8 rows by 1, 2 or 3 vectors, 24 sums in flight at most, which with three
 * operands and one broadcast fills 28 of the 32 registers. A tile of fewer rows computes its last row several times: no
 * edge kernels, no masks.
 *
 * <p>The sums are local variables, one by one, because only such reliably stay in registers. They leave through a small
 * array rather than straight into the result: every access to a segment is inlined in full by the first compiler as
 * well, and 24 more of them make it give the method up, after which it is never compiled again.
 */
final class WideTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int LANES = 16;
    private static final long BYTES = LANES * (long) Float.BYTES;
    private static final ThreadLocal<float[]> SUMS =
            ThreadLocal.withInitial(() -> new float[Kernels.TILE_ROWS * Kernels.TILE_COLUMNS]);

    private WideTile() {}

    static void run(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate) {
        float[] sums = SUMS.get();
        switch (columns) {
            case 48 -> sum8x3(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
            case 32 -> sum8x2(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
            case 16 -> sum8x1(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
            default -> throw new IllegalArgumentException("a tile has 16, 32 or 48 columns, not " + columns);
        }
        for (int r = 0; r < rows; r++) {
            if (accumulate) {
                addRow(sums, r * columns, columns, c, cOffset + r * cRow);
            } else {
                putRow(sums, r * columns, columns, c, cOffset + r * cRow);
            }
        }
    }

    private static void addRow(float[] sums, int from, int columns, MemorySegment c, long offset) {
        for (int j = 0; j < columns; j += LANES) {
            long at = offset + (long) j * Float.BYTES;
            FloatVector.fromMemorySegment(SPECIES, c, at, ORDER)
                    .add(FloatVector.fromArray(SPECIES, sums, from + j))
                    .intoMemorySegment(c, at, ORDER);
        }
    }

    private static void putRow(float[] sums, int from, int columns, MemorySegment c, long offset) {
        for (int j = 0; j < columns; j += LANES) {
            FloatVector.fromArray(SPECIES, sums, from + j).intoMemorySegment(c, offset + (long) j * Float.BYTES, ORDER);
        }
    }

    private static void sum8x3(
            int rows,
            int depth,
            MemorySegment a,
            long a0,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = a0 + Math.min(1, rows - 1) * aRow;
        long a2 = a0 + Math.min(2, rows - 1) * aRow;
        long a3 = a0 + Math.min(3, rows - 1) * aRow;
        long a4 = a0 + Math.min(4, rows - 1) * aRow;
        long a5 = a0 + Math.min(5, rows - 1) * aRow;
        long a6 = a0 + Math.min(6, rows - 1) * aRow;
        long a7 = a0 + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s42 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        FloatVector s52 = s00;
        FloatVector s60 = s00;
        FloatVector s61 = s00;
        FloatVector s62 = s00;
        FloatVector s70 = s00;
        FloatVector s71 = s00;
        FloatVector s72 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + 1 * BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, b, atB + 2 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            s42 = x4.fma(b2, s42);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            s52 = x5.fma(b2, s52);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            s62 = x6.fma(b2, s62);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
            s72 = x7.fma(b2, s72);
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 16);
        s02.intoArray(sums, 32);
        s10.intoArray(sums, 48);
        s11.intoArray(sums, 64);
        s12.intoArray(sums, 80);
        s20.intoArray(sums, 96);
        s21.intoArray(sums, 112);
        s22.intoArray(sums, 128);
        s30.intoArray(sums, 144);
        s31.intoArray(sums, 160);
        s32.intoArray(sums, 176);
        s40.intoArray(sums, 192);
        s41.intoArray(sums, 208);
        s42.intoArray(sums, 224);
        s50.intoArray(sums, 240);
        s51.intoArray(sums, 256);
        s52.intoArray(sums, 272);
        s60.intoArray(sums, 288);
        s61.intoArray(sums, 304);
        s62.intoArray(sums, 320);
        s70.intoArray(sums, 336);
        s71.intoArray(sums, 352);
        s72.intoArray(sums, 368);
    }

    private static void sum8x2(
            int rows,
            int depth,
            MemorySegment a,
            long a0,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = a0 + Math.min(1, rows - 1) * aRow;
        long a2 = a0 + Math.min(2, rows - 1) * aRow;
        long a3 = a0 + Math.min(3, rows - 1) * aRow;
        long a4 = a0 + Math.min(4, rows - 1) * aRow;
        long a5 = a0 + Math.min(5, rows - 1) * aRow;
        long a6 = a0 + Math.min(6, rows - 1) * aRow;
        long a7 = a0 + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        FloatVector s60 = s00;
        FloatVector s61 = s00;
        FloatVector s70 = s00;
        FloatVector s71 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + 1 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 16);
        s10.intoArray(sums, 32);
        s11.intoArray(sums, 48);
        s20.intoArray(sums, 64);
        s21.intoArray(sums, 80);
        s30.intoArray(sums, 96);
        s31.intoArray(sums, 112);
        s40.intoArray(sums, 128);
        s41.intoArray(sums, 144);
        s50.intoArray(sums, 160);
        s51.intoArray(sums, 176);
        s60.intoArray(sums, 192);
        s61.intoArray(sums, 208);
        s70.intoArray(sums, 224);
        s71.intoArray(sums, 240);
    }

    private static void sum8x1(
            int rows,
            int depth,
            MemorySegment a,
            long a0,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = a0 + Math.min(1, rows - 1) * aRow;
        long a2 = a0 + Math.min(2, rows - 1) * aRow;
        long a3 = a0 + Math.min(3, rows - 1) * aRow;
        long a4 = a0 + Math.min(4, rows - 1) * aRow;
        long a5 = a0 + Math.min(5, rows - 1) * aRow;
        long a6 = a0 + Math.min(6, rows - 1) * aRow;
        long a7 = a0 + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        FloatVector s40 = s00;
        FloatVector s50 = s00;
        FloatVector s60 = s00;
        FloatVector s70 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
            s00 = x0.fma(b0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
        }
        s00.intoArray(sums, 0);
        s10.intoArray(sums, 16);
        s20.intoArray(sums, 32);
        s30.intoArray(sums, 48);
        s40.intoArray(sums, 64);
        s50.intoArray(sums, 80);
        s60.intoArray(sums, 96);
        s70.intoArray(sums, 112);
    }
}
