package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.DOUBLE_VECTOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products in double for small dense linear algebra. A tile has 4 rows by 3 vectors, 12 sums, which fit into the 16
 * registers of AVX2. Columns beyond the last whole tile are computed by masked tiles of one vector. The sums are stored
 * through an array, as in {@link TwelveRowTile}.
 */
final class DoubleTiles {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 4;
    private static final int COLUMNS = 3 * LANES;

    private DoubleTiles() {}

    static void multiply(
            int m,
            int n,
            int k,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] b,
            int bFrom,
            int bRow,
            double[] c,
            int cFrom,
            int cRow,
            boolean accumulate) {
        int whole = n - n % COLUMNS;
        double[] sums = new double[ROWS * COLUMNS];
        for (int j = 0; j < whole; j += COLUMNS) {
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                wide(
                        rows,
                        k,
                        a,
                        aFrom + i * aRow,
                        aRow,
                        aStep,
                        b,
                        bFrom + j,
                        bRow,
                        c,
                        cFrom + i * cRow + j,
                        cRow,
                        accumulate,
                        sums);
            }
        }
        for (int j = whole; j < n; j += LANES) {
            int some = Math.min(LANES, n - j);
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                narrow(
                        some,
                        rows,
                        k,
                        a,
                        aFrom + i * aRow,
                        aRow,
                        aStep,
                        b,
                        bFrom + j,
                        bRow,
                        c,
                        cFrom + i * cRow + j,
                        cRow,
                        accumulate,
                        sums);
            }
        }
    }

    // A tile of fewer rows repeats its last row and stores it once.
    private static void wide(
            int rows,
            int depth,
            double[] a,
            int aAt,
            int aRow,
            int aStep,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            boolean accumulate,
            double[] sums) {
        int a1 = aAt + Math.min(1, rows - 1) * aRow;
        int a2 = aAt + Math.min(2, rows - 1) * aRow;
        int a3 = aAt + Math.min(3, rows - 1) * aRow;
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = s00;
        DoubleVector s02 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s12 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s22 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        DoubleVector s32 = s00;
        for (int l = 0; l < depth; l++) {
            int x = l * aStep;
            int y = bAt + l * bRow;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, y);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, y + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, y + 2 * LANES);
            DoubleVector v0 = DoubleVector.broadcast(SPECIES, a[aAt + x]);
            s00 = v0.fma(b0, s00);
            s01 = v0.fma(b1, s01);
            s02 = v0.fma(b2, s02);
            DoubleVector v1 = DoubleVector.broadcast(SPECIES, a[a1 + x]);
            s10 = v1.fma(b0, s10);
            s11 = v1.fma(b1, s11);
            s12 = v1.fma(b2, s12);
            DoubleVector v2 = DoubleVector.broadcast(SPECIES, a[a2 + x]);
            s20 = v2.fma(b0, s20);
            s21 = v2.fma(b1, s21);
            s22 = v2.fma(b2, s22);
            DoubleVector v3 = DoubleVector.broadcast(SPECIES, a[a3 + x]);
            s30 = v3.fma(b0, s30);
            s31 = v3.fma(b1, s31);
            s32 = v3.fma(b2, s32);
        }
        if (s00.getClass() != DOUBLE_VECTOR
                || s01.getClass() != DOUBLE_VECTOR
                || s02.getClass() != DOUBLE_VECTOR
                || s10.getClass() != DOUBLE_VECTOR
                || s11.getClass() != DOUBLE_VECTOR
                || s12.getClass() != DOUBLE_VECTOR
                || s20.getClass() != DOUBLE_VECTOR
                || s21.getClass() != DOUBLE_VECTOR
                || s22.getClass() != DOUBLE_VECTOR
                || s30.getClass() != DOUBLE_VECTOR
                || s31.getClass() != DOUBLE_VECTOR
                || s32.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s02.intoArray(sums, 2 * LANES);
        s10.intoArray(sums, 3 * LANES);
        s11.intoArray(sums, 4 * LANES);
        s12.intoArray(sums, 5 * LANES);
        s20.intoArray(sums, 6 * LANES);
        s21.intoArray(sums, 7 * LANES);
        s22.intoArray(sums, 8 * LANES);
        s30.intoArray(sums, 9 * LANES);
        s31.intoArray(sums, 10 * LANES);
        s32.intoArray(sums, 11 * LANES);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < COLUMNS; j += LANES) {
                int at = cAt + r * cRow + j;
                DoubleVector sum = DoubleVector.fromArray(SPECIES, sums, r * COLUMNS + j);
                if (accumulate) {
                    sum = DoubleVector.fromArray(SPECIES, c, at).add(sum);
                }
                sum.intoArray(c, at);
            }
        }
    }

    private static void narrow(
            int columns,
            int rows,
            int depth,
            double[] a,
            int aAt,
            int aRow,
            int aStep,
            double[] b,
            int bAt,
            int bRow,
            double[] c,
            int cAt,
            int cRow,
            boolean accumulate,
            double[] sums) {
        int a1 = aAt + Math.min(1, rows - 1) * aRow;
        int a2 = aAt + Math.min(2, rows - 1) * aRow;
        int a3 = aAt + Math.min(3, rows - 1) * aRow;
        VectorMask<Double> mask = SPECIES.indexInRange(0, columns);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int l = 0; l < depth; l++) {
            int x = l * aStep;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bAt + l * bRow, mask);
            s0 = DoubleVector.broadcast(SPECIES, a[aAt + x]).fma(b0, s0);
            s1 = DoubleVector.broadcast(SPECIES, a[a1 + x]).fma(b0, s1);
            s2 = DoubleVector.broadcast(SPECIES, a[a2 + x]).fma(b0, s2);
            s3 = DoubleVector.broadcast(SPECIES, a[a3 + x]).fma(b0, s3);
        }
        if (s0.getClass() != DOUBLE_VECTOR
                || s1.getClass() != DOUBLE_VECTOR
                || s2.getClass() != DOUBLE_VECTOR
                || s3.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
        for (int r = 0; r < rows; r++) {
            int at = cAt + r * cRow;
            for (int j = 0; j < columns; j++) {
                double sum = sums[r * LANES + j];
                c[at + j] = accumulate ? c[at + j] + sum : sum;
            }
        }
    }
}
