package io.heddle.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A system without a solution must end too, hence the timeout. */
@Timeout(60)
class DenseCholeskyTest {
    private static final int N = 7;

    private static double[] positiveDefinite(double factor) {
        SplittableRandom random = new SplittableRandom(1);
        double[] root = random.doubles(N * N, -1, 1).toArray();
        double[] a = new double[N * N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                for (int k = 0; k < N; k++) {
                    a[i * N + j] += root[i * N + k] * root[j * N + k];
                }
            }
            a[i * N + i] += 0.5;
        }
        for (int i = 0; i < N * N; i++) {
            a[i] *= factor;
        }
        return a;
    }

    /** 1e-309 is subnormal, with about 50 bits: the product of two reciprocal roots is infinite. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e300, 1e-300, 1e-309})
    void solvesAtAnyMagnitude(double factor) {
        double[] a = positiveDefinite(factor);
        double[] solution = new SplittableRandom(2).doubles(N, -1, 1).toArray();
        double[] right = new double[N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                right[i] += a[i * N + j] * solution[j];
            }
        }
        DenseCholesky.solve(a, right);
        assertThat(right).containsExactly(solution, within(1e-11));
    }

    /** Without curvature in one direction, the diagonal is increased. */
    @Test
    void aDirectionWithoutCurvatureHasAFiniteStep() {
        double[] right = {1, -1};
        DenseCholesky.solve(new double[] {1, 1, 1, 1}, right);
        assertThat(right[0]).isFinite().isPositive();
        assertThat(right[1]).isEqualTo(-right[0], within(1e-6 * right[0]));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aMatrixThatIsNotFiniteHasNoDirection(double value) {
        double[] a = positiveDefinite(1);
        a[1] = value;
        a[N] = value;
        double[] right = new SplittableRandom(2).doubles(N, -1, 1).toArray();
        DenseCholesky.solve(a, right);
        assertThat(right).containsOnly(0);
    }
}
