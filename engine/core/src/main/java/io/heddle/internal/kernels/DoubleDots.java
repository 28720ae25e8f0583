package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.DOUBLE_VECTOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products in double of rows with one vector, three rows at a time with two sums each. The lanes are added
 * through an array: the JDK leaves the order of its own sum of lanes open, so the bits could change once it is
 * compiled.
 */
final class DoubleDots {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 3;

    private DoubleDots() {}

    static void run(double[] w, int rows, int n, double[] x, double[] out) {
        if (n < Kernels.SHORT_DOUBLES) {
            ScalarDoubles.dots(w, rows, n, x, out);
            return;
        }
        for (int r = 0; r < rows; r += ROWS) {
            // A group of fewer rows repeats its last row.
            int last = rows - 1 - r;
            group(w, r * n, (r + Math.min(1, last)) * n, (r + Math.min(2, last)) * n, n, x, out, rows);
            for (int i = 0; i <= Math.min(ROWS - 1, last); i++) {
                out[r + i] = sum(out, rows + i * LANES);
            }
        }
    }

    private static void group(double[] w, int w0, int w1, int w2, int n, double[] x, double[] out, int to) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector t0 = s0;
        DoubleVector t1 = s0;
        DoubleVector t2 = s0;
        for (int i = 0; i < n; i += 2 * LANES) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, i);
            s0 = DoubleVector.fromArray(SPECIES, w, w0 + i).fma(x0, s0);
            s1 = DoubleVector.fromArray(SPECIES, w, w1 + i).fma(x0, s1);
            s2 = DoubleVector.fromArray(SPECIES, w, w2 + i).fma(x0, s2);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, i + LANES);
            t0 = DoubleVector.fromArray(SPECIES, w, w0 + i + LANES).fma(x1, t0);
            t1 = DoubleVector.fromArray(SPECIES, w, w1 + i + LANES).fma(x1, t1);
            t2 = DoubleVector.fromArray(SPECIES, w, w2 + i + LANES).fma(x1, t2);
        }
        if (s0.getClass() != DOUBLE_VECTOR
                || s1.getClass() != DOUBLE_VECTOR
                || s2.getClass() != DOUBLE_VECTOR
                || t0.getClass() != DOUBLE_VECTOR
                || t1.getClass() != DOUBLE_VECTOR
                || t2.getClass() != DOUBLE_VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s0.add(t0).intoArray(out, to);
        s1.add(t1).intoArray(out, to + LANES);
        s2.add(t2).intoArray(out, to + 2 * LANES);
    }

    private static double sum(double[] values, int from) {
        double sum = values[from];
        for (int i = 1; i < LANES; i++) {
            sum += values[from + i];
        }
        return sum;
    }
}
