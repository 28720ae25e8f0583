package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * A register tile whose sums are compared with limits and not stored. Very few of them reach a limit. With a store, and
 * another kernel that reads the sums again, a search in 64 columns takes a seventh longer.
 */
final class PairTile {
    private PairTile() {}

    static void run(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment before,
            int firstRow,
            int firstColumn,
            PairList list) {
        float[] sums = TileSums.of(rows, columns, depth, a, aOffset, b, bOffset, (long) columns * Float.BYTES);
        if (before != null) {
            TileSums.add(before, sums, rows * columns);
        }
        if (columns == LANES) {
            compareOne(sums, rows, firstRow, firstColumn, list);
        } else {
            compareTwo(sums, rows, firstRow, firstColumn, list);
        }
    }

    private static void compareOne(float[] sums, int rows, int firstRow, int firstColumn, PairList list) {
        float[] rowLimits = list.rowLimits();
        int from = list.rowFrom() + firstRow;
        FloatVector c0 = FloatVector.fromArray(SPECIES, list.columnLimits(), list.columnFrom() + firstColumn);
        for (int r = 0; r < rows; r++) {
            // A score is at least one of two limits if it is at least their minimum: one comparison instead of two.
            FloatVector least = c0.min(rowLimits[from + r]);
            long reached = FloatVector.fromArray(SPECIES, sums, r * LANES)
                    .compare(GE, least)
                    .toLong();
            if (reached != 0) {
                list.add(firstRow + r, firstColumn, reached, sums, r * LANES);
            }
        }
    }

    private static void compareTwo(float[] sums, int rows, int firstRow, int firstColumn, PairList list) {
        float[] rowLimits = list.rowLimits();
        int from = list.rowFrom() + firstRow;
        int column = list.columnFrom() + firstColumn;
        FloatVector c0 = FloatVector.fromArray(SPECIES, list.columnLimits(), column);
        FloatVector c1 = FloatVector.fromArray(SPECIES, list.columnLimits(), column + LANES);
        for (int r = 0; r < rows; r++) {
            int at = r * (2 * LANES);
            float limit = rowLimits[from + r];
            FloatVector s0 = FloatVector.fromArray(SPECIES, sums, at);
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
            long reached = s0.compare(GE, c0.min(limit)).toLong()
                    | s1.compare(GE, c1.min(limit)).toLong() << LANES;
            // Most rows have none, so there is one branch for both vectors.
            if (reached != 0) {
                list.add(firstRow + r, firstColumn, reached, sums, at);
            }
        }
    }
}
