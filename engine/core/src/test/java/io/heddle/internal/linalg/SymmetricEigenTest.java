package io.heddle.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class SymmetricEigenTest {
    /** Q diag(values) Qᵀ for a random orthonormal Q. */
    static double[] withEigenvalues(double[] values, long seed) {
        int n = values.length;
        double[] q = gaussian(n, n, seed);
        Reflector.orthonormalize(q, n, n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < n; l++) {
                    sum += q[i * n + l] * values[l] * q[j * n + l];
                }
                a[i * n + j] = sum;
            }
        }
        LeadingEigenpairs.symmetrize(a, n);
        return a;
    }

    public static double[] gaussian(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.doubles((long) rows * columns, -1, 1).toArray();
    }

    private static void assertEigenpairs(double[] a, int n, double[] values, double[] vectors, double tolerance) {
        double size = Arrays.stream(a).map(Math::abs).max().orElse(0) * n;
        for (int p = 0; p < values.length; p++) {
            for (int i = 0; i < n; i++) {
                double image = 0;
                for (int j = 0; j < n; j++) {
                    image += a[i * n + j] * vectors[p * n + j];
                }
                assertThat(image).isCloseTo(values[p] * vectors[p * n + i], within(tolerance * size));
            }
            for (int q = 0; q <= p; q++) {
                double inner = 0;
                for (int j = 0; j < n; j++) {
                    inner += vectors[p * n + j] * vectors[q * n + j];
                }
                assertThat(inner).isCloseTo(p == q ? 1 : 0, within(1e-12 * n));
            }
        }
    }

    /** The covariance of gray photos in three equal colours, with a null space of two thirds. */
    @ParameterizedTest
    @CsvSource({"100, 2", "100, 3", "70, 4"})
    void columnsThatOccurTwiceHaveEigenpairs(int columns, int times) {
        int n = columns * times;
        int rows = 300;
        double[] x = gaussian(rows, columns, 7);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int r = 0; r < rows; r++) {
                    a[i * n + j] += x[r * columns + i % columns] * x[r * columns + j % columns];
                }
            }
        }
        SymmetricEigen found = SymmetricEigen.of(a.clone(), n);
        assertEigenpairs(a, n, found.values(), found.vectors(), 1e-14);
        assertThat(Arrays.stream(found.values()).min().orElseThrow()).isGreaterThan(-1e-10);
    }

    @Property(tries = 60)
    void findsEveryPairOfRandomMatrices(@ForAll @IntRange(min = 1, max = 70) int n, @ForAll long seed) {
        double[] a = gaussian(n, n, seed);
        LeadingEigenpairs.symmetrize(a, n);
        SymmetricEigen eigen = SymmetricEigen.of(a.clone(), n);
        assertEigenpairs(a, n, eigen.values(), eigen.vectors(), 1e-14);
        for (int i = 1; i < n; i++) {
            assertThat(eigen.values()[i]).isLessThanOrEqualTo(eigen.values()[i - 1]);
        }
        assertThat(Arrays.stream(eigen.values()).sum()).isCloseTo(trace(a, n), within(1e-12 * n));
        // The same recurrence without its vectors.
        assertThat(SymmetricEigen.values(a.clone(), n)).isEqualTo(eigen.values());
    }

    private static double trace(double[] a, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += a[i * n + i];
        }
        return sum;
    }

    @Test
    void findsTheKnownEigenvaluesOfTheSecondDifference() {
        int n = 40;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 2;
            if (i > 0) {
                a[i * n + i - 1] = -1;
                a[(i - 1) * n + i] = -1;
            }
        }
        double[] values = SymmetricEigen.of(a, n).values();
        for (int i = 0; i < n; i++) {
            assertThat(values[i]).isCloseTo(2 - 2 * Math.cos((n - i) * Math.PI / (n + 1)), within(1e-13));
        }
    }

    @Test
    void findsZeroRepeatedAndGradedEigenvalues() {
        for (double[] values : new double[][] {
            new double[12], {3, 3, 3, 3, 1, 1, 1, 1, 0, 0}, {1e12, 1e6, 1, 1e-6, 1e-12}, {-2, -1, 0, 1, 2}
        }) {
            double[] a = withEigenvalues(values, 5);
            SymmetricEigen eigen = SymmetricEigen.of(a.clone(), values.length);
            double[] descending =
                    Arrays.stream(values).map(v -> -v).sorted().map(v -> -v).toArray();
            double size = Arrays.stream(values).map(Math::abs).max().orElse(0);
            assertThat(eigen.values()).containsExactly(descending, within(1e-14 * size + 1e-300));
            assertEigenpairs(a, values.length, eigen.values(), eigen.vectors(), 1e-14);
        }
    }

    @Test
    void leadingPairsAgreeWithTheFullDecomposition() {
        int n = 300;
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = 100 * Math.pow(0.95, i);
        }
        double[] a = withEigenvalues(values, 7);
        LeadingEigenpairs pairs = leading(a, n, 20, 1e-10);
        assertThat(pairs.values()).containsExactly(Arrays.copyOf(values, 20), within(1e-10));
        assertEigenpairs(a, n, pairs.values(), pairs.vectors(), 1e-10);
    }

    @Test
    void leadingPairsOfMatricesWithRepeatsOrOfLowRank() {
        int n = 250;
        double[] repeated = new double[n];
        Arrays.fill(repeated, 1);
        Arrays.fill(repeated, 0, 30, 4);
        double[] lowRank = new double[n];
        for (int i = 0; i < 7; i++) {
            lowRank[i] = 7 - i;
        }
        for (double[] values : new double[][] {repeated, lowRank, new double[n]}) {
            double[] a = withEigenvalues(values, 9);
            LeadingEigenpairs pairs = leading(a, n, 20, 1e-10);
            assertThat(pairs.values()).containsExactly(Arrays.copyOf(values, 20), within(1e-9));
            assertEigenpairs(a, n, pairs.values(), pairs.vectors(), 1e-9);
        }
    }

    private static LeadingEigenpairs leading(double[] a, int n, int k, double tolerance) {
        return LeadingEigenpairs.of(a, n, k, tolerance, new SplittableRandom(3), WorkerPool.shared());
    }

    @Property(tries = 40)
    void orthonormalizesAnyColumns(
            @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 60) int columns,
            @ForAll @IntRange(min = 0, max = 3) int rank,
            @ForAll long seed) {
        int b = Math.min(n, columns);
        double[] m = gaussian(n, b, seed);
        // Columns beyond the rank repeat the first one.
        for (int i = 0; i < n && rank > 0; i++) {
            for (int j = rank; j < b; j++) {
                m[i * b + j] = m[i * b];
            }
        }
        double[] q = m.clone();
        CholeskyBasis.orthonormalize(q, n, b);
        assertOrthonormal(q, n, b);
        q = m.clone();
        double[] r = Reflector.orthonormalize(q, n, b);
        assertOrthonormal(q, n, b);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < b; j++) {
                double product = 0;
                for (int l = 0; l <= j; l++) {
                    product += q[i * b + l] * r[l * b + j];
                }
                assertThat(product).isCloseTo(m[i * b + j], within(1e-13 * n));
            }
        }
    }

    @Test
    void orthonormalizesColumnsTooSmallForAllTheirDigits() {
        int n = 30;
        double[] m = gaussian(n, 3, 1);
        for (int i = 0; i < n; i++) {
            m[i * 3 + 1] *= 0x1p-1060;
            m[i * 3 + 2] *= 0x1p-900;
        }
        Reflector.orthonormalize(m, n, 3);
        assertOrthonormal(m, n, 3);
    }

    @Test
    void orthonormalizesColumnsNearlyInOneDirection() {
        int n = 50;
        for (double apart : new double[] {1e-3, 1e-9, 1e-15}) {
            double[] m = gaussian(n, 6, 1);
            for (int i = 0; i < n; i++) {
                for (int j = 1; j < 6; j++) {
                    m[i * 6 + j] = 1e5 * (m[i * 6] + apart * m[i * 6 + j]);
                }
            }
            CholeskyBasis.orthonormalize(m, n, 6);
            assertOrthonormal(m, n, 6);
        }
    }

    private static void assertOrthonormal(double[] q, int n, int b) {
        for (int i = 0; i < b; i++) {
            for (int j = 0; j <= i; j++) {
                double inner = 0;
                for (int l = 0; l < n; l++) {
                    inner += q[l * b + i] * q[l * b + j];
                }
                assertThat(inner).isCloseTo(i == j ? 1 : 0, within(1e-13));
            }
        }
    }
}
