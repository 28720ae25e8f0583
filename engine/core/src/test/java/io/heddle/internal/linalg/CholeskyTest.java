package io.heddle.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.gemm.Gemm;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

class CholeskyTest {
    /** I + GᵀG / rows of a random G: condition number below about 10. */
    private static FloatMatrix positiveDefinite(int size) {
        SplittableRandom random = new SplittableRandom(size);
        FloatMatrix out = FloatMatrix.allocate(size, size);
        try (FloatMatrix g = FloatMatrix.allocate(size + 5, size)) {
            for (int i = 0; i < size + 5; i++) {
                for (int j = 0; j < size; j++) {
                    g.set(i, j, (float) (random.nextGaussian() / Math.sqrt(size)));
                }
            }
            Gemm.gram(g, null, out, WorkerPool.shared());
        }
        for (int i = 0; i < size; i++) {
            out.set(i, i, out.get(i, i) + 1);
        }
        return out;
    }

    @Tag("slow")
    @Property(tries = 40)
    void solvesSystems(@ForAll @IntRange(min = 1, max = 450) int size) {
        SplittableRandom random = new SplittableRandom(1);
        try (FloatMatrix a = positiveDefinite(size);
                Cholesky factor = Cholesky.factorInPlace(a.copy(), WorkerPool.shared());
                FloatMatrix z = FloatMatrix.allocate(1, size)) {
            float[] r = new float[size];
            for (int i = 0; i < size; i++) {
                r[i] = (float) random.nextGaussian();
            }
            z.setRow(0, r);
            factor.solve(z.segment());
            assertThat(factor.repairedPivots()).isZero();
            for (int i = 0; i < size; i++) {
                double residual = -r[i];
                double scale = Math.abs(r[i]);
                for (int j = 0; j < size; j++) {
                    double term = (double) a.get(i, j) * z.get(0, j);
                    residual += term;
                    scale += Math.abs(term);
                }
                assertThat(Math.abs(residual)).isLessThan(1e-5 * scale);
            }
        }
    }

    @Example
    void sameBitsForAnyNumberOfThreads() {
        try (FloatMatrix a = positiveDefinite(300);
                FloatMatrix first = a.copy()) {
            Cholesky.factorInPlace(first, WorkerPool.shared());
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        FloatMatrix again = a.copy()) {
                    Cholesky.factorInPlace(again, pool);
                    for (int i = 0; i < 300; i++) {
                        for (int j = 0; j <= i; j++) {
                            assertThat(again.get(i, j)).isEqualTo(first.get(i, j));
                        }
                    }
                }
            }
        }
    }

    /** The factor itself, beside one computed in double; two blocks, the second of them not full. */
    @Example
    void equalsAPlainFactorInDouble() {
        int size = 150;
        double[][] l = new double[size][size];
        try (FloatMatrix a = positiveDefinite(size);
                FloatMatrix factored = a.copy()) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    double sum = a.get(i, j);
                    for (int t = 0; t < j; t++) {
                        sum -= l[i][t] * l[j][t];
                    }
                    l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
                }
            }
            Cholesky.factorInPlace(factored, WorkerPool.shared());
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    assertThat((double) factored.get(i, j)).isCloseTo(l[i][j], within(2e-6));
                }
            }
        }
    }

    @Example
    void repairsAZeroPivot() {
        try (FloatMatrix ones = FloatMatrix.copyOf(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 3, 3);
                FloatMatrix r = FloatMatrix.copyOf(new float[] {1, 1, 1}, 1, 3)) {
            Cholesky factor = Cholesky.factorInPlace(ones, WorkerPool.shared());
            assertThat(factor.repairedPivots()).isEqualTo(2);
            factor.solve(r.segment());
            assertThat(r.get(0, 0)).isFinite();
        }
    }
}
