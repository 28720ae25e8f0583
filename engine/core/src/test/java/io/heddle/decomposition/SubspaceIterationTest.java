package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.linalg.LeadingEigenpairs;
import io.heddle.internal.linalg.SymmetricEigen;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The randomized solver against the same iteration in double, with plain loops, from the same random numbers. */
class SubspaceIterationTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    /** Matrices are arrays of rows. */
    private static double[][] multiply(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int l = 0; l < b.length; l++) {
                for (int j = 0; j < b[0].length; j++) {
                    c[i][j] += a[i][l] * b[l][j];
                }
            }
        }
        return c;
    }

    private static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    /** Gram-Schmidt, twice. */
    private static double[][] orthonormal(double[][] a) {
        double[][] columns = transpose(a);
        for (int round = 0; round < 2; round++) {
            for (int c = 0; c < columns.length; c++) {
                for (int e = 0; e < c; e++) {
                    double dot = dot(columns[c], columns[e]);
                    for (int i = 0; i < columns[c].length; i++) {
                        columns[c][i] -= dot * columns[e][i];
                    }
                }
                double length = Math.sqrt(dot(columns[c], columns[c]));
                for (int i = 0; i < columns[c].length; i++) {
                    columns[c][i] /= length;
                }
            }
        }
        return transpose(columns);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The inverse of the lower Cholesky factor. */
    private static double[][] inverseFactor(double[][] a) {
        int n = a.length;
        double[][] l = new double[n][n];
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = a[i][j] - dot(l[i], l[j]);
                l[i][j] = i == j ? Math.sqrt(rest) : rest / l[j][j];
            }
        }
        for (int c = 0; c < n; c++) {
            for (int i = c; i < n; i++) {
                double rest = i == c ? 1 : 0;
                for (int j = c; j < i; j++) {
                    rest -= l[i][j] * inverse[j][c];
                }
                inverse[i][c] = rest / l[i][i];
            }
        }
        return inverse;
    }

    private static double[] flat(double[][] a) {
        double[] flat = new double[a.length * a[0].length];
        for (int i = 0; i < a.length; i++) {
            System.arraycopy(a[i], 0, flat, i * a[0].length, a[0].length);
        }
        return flat;
    }

    private static double[][] square(double[] values, int width) {
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }

    /** The scatter matrix of some rows, after centring and scaling. */
    private static double[][] scatter(FloatMatrix x, Scaling scaling) {
        double[][] rows = new double[(int) x.rows()][x.columns()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < x.columns(); j++) {
                double deviation = scaling.deviation() == null ? 1 : scaling.deviation()[j];
                rows[i][j] = (x.get(i, j) - scaling.mean()[j]) / deviation;
            }
        }
        return multiply(transpose(rows), rows);
    }

    private static double trace(double[][] a) {
        double trace = 0;
        for (int j = 0; j < a.length; j++) {
            trace += a[j][j];
        }
        return trace;
    }

    /** The iteration in double. */
    private static final class Reference {
        final List<Double> ratios = new ArrayList<>();
        double[] values;
        double[][] vectors;
        boolean converged;

        void run(FloatMatrix x, Scaling scaling, Pca.Options options, int b, boolean sampled, RandomGenerator random) {
            int d = x.columns();
            int k = options.components();
            boolean automatic = options.powerIterations() == Pca.Options.AUTOMATIC_ITERATIONS;
            int passes = automatic ? 20 : options.powerIterations() + 1;
            double[][] v = new double[d][b];
            for (double[] row : v) {
                for (int j = 0; j < b; j++) {
                    row[j] = random.nextGaussian();
                }
            }
            if (sampled) {
                replaceByComponentsOfASample(x, scaling, v, random);
            }
            double[][] whole = scatter(x, scaling);
            double total = trace(whole);
            double captured = 0;
            while (ratios.size() < passes && !(automatic && converged)) {
                v = orthonormal(v);
                double[][] y = multiply(whole, v);
                double[][] core = multiply(transpose(v), y);
                double[][] inverse = inverseFactor(core);
                double[][] small = multiply(multiply(inverse, multiply(transpose(y), y)), transpose(inverse));
                SymmetricEigen eigen = SymmetricEigen.of(flat(small), b);
                values = eigen.values();
                // The rows of Wᵀ L⁻¹ Yᵀ, before they are scaled to unit length.
                vectors = multiply(multiply(square(eigen.vectors(), b), inverse), transpose(y));
                double before = sum(SymmetricEigen.values(flat(core), b), k) / total;
                double now = sum(values, k) / total;
                double gain = now - before;
                double rate = sampled ? 0.25 : 1;
                if (!ratios.isEmpty()) {
                    double earlier = before - captured;
                    rate = gain <= 0 ? 0 : earlier > 0 ? Math.min(0.95, gain / earlier) : 0.95;
                }
                double lost = rate == 1 ? 1 : Math.max(0, gain) * rate * rate / (1 - rate);
                converged = b == d || lost * (ratios.isEmpty() ? 1 : 1.5) <= 1e-4;
                ratios.add(now);
                captured = now;
                v = y;
            }
        }

        private static double sum(double[] values, int k) {
            double sum = 0;
            for (int i = 0; i < k; i++) {
                sum += values[i];
            }
            return sum;
        }

        /** All but the last two columns: the components of 4 · d rows, times the scatter of 16 · d rows. */
        private static void replaceByComponentsOfASample(
                FloatMatrix x, Scaling scaling, double[][] v, RandomGenerator random) {
            int d = v.length;
            int b = v[0].length;
            long[] sample = RowSample.choose(x.rows(), 16 * d, random);
            try (FloatMatrix few = RowSample.draw(x, 4 * d, random, POOL);
                    FloatMatrix many = RowSample.gather(x, sample, POOL);
                    FloatMatrix matrix = FloatMatrix.allocate(d, d)) {
                double[][] ofFew = scatter(few, scaling);
                for (int i = 0; i < d; i++) {
                    for (int j = 0; j < d; j++) {
                        matrix.set(i, j, (float) ofFew[i][j]);
                    }
                }
                double[][] basis = square(LeadingEigenpairs.roughly(matrix, b, random, POOL), b);
                double[][] y = multiply(scatter(many, scaling), basis);
                for (int i = 0; i < d; i++) {
                    System.arraycopy(y[i], 0, v[i], 0, b - 2);
                }
            }
        }
    }

    /**
     * With a fixed number of passes and an automatic one; from random directions and from a sample; with as many
     * directions as columns, and as rows; near zero and far from it; standardized.
     */
    @ParameterizedTest
    @CsvSource({
        "200, 40, 3, 5, 0.9, 0, false, 0, 16, false",
        "200, 40, 3, 5, 0.9, 0, false, 1, 16, false",
        "200, 40, 3, 5, 0.97, 0, true, 4, 16, false",
        "200, 40, 3, 5, 0.9, 0, false, -1, 16, false",
        "200, 40, 3, 5, 0.97, 0, false, -1, 16, false",
        "200, 40, 3, 14, 0.97, 9, true, -1, 32, false",
        "200, 40, 14, 0, 0.99, 0, false, -1, 16, false",
        "200, 40, 15, 0, 0.99, 0, false, -1, 32, false",
        "12, 40, 3, 5, 0.9, 0, false, 0, 12, false",
        "200, 10, 3, 5, 0.9, 0, false, -1, 10, false",
        "960, 20, 3, 5, 0.9, 0, false, -1, 16, true",
        "959, 20, 3, 5, 0.9, 0, false, -1, 16, false",
        "960, 20, 3, 5, 0.97, 9, false, -1, 16, true",
        "960, 20, 3, 5, 0.95, 2, true, -1, 16, true",
        "960, 20, 3, 5, 0.9, 0, false, 0, 16, false",
        "960, 16, 3, 5, 0.9, 0, false, -1, 16, false"
    })
    void passesAreThoseOfPlainLoops(
            int rows,
            int columns,
            int components,
            int oversampling,
            double decay,
            double offset,
            boolean standardize,
            int powerIterations,
            int directions,
            boolean sampled) {
        List<Pca.Progress> progress = new ArrayList<>();
        Pca.Options options = Pca.Options.defaults()
                .withComponents(components)
                .withOversampling(oversampling)
                .withProgress(progress::add);
        if (powerIterations >= 0) {
            options = options.withPowerIterations(powerIterations);
        }
        try (FloatMatrix x = PcaTest.decaying(rows, columns, decay, offset, 5)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Scaling scaling = standardize ? Scaling.standardizing(x, moments, POOL) : Scaling.centring(moments);
            if (rows < columns) {
                // Without centring, so that the rows are independent.
                Scaling none = new Scaling(new double[columns], null, 1);
                scaling = new Scaling(none.mean(), null, trace(scatter(x, none)));
            }
            Pca.Subspace found = new RandomizedSolver(x, scaling, options, new SplittableRandom(7), POOL).solve();
            Reference expected = new Reference();
            expected.run(x, scaling, options, directions, sampled, new SplittableRandom(7));
            assertThat(found.passes()).isEqualTo(expected.ratios.size());
            assertThat(found.converged()).isEqualTo(expected.converged);
            assertThat(progress).hasSize(found.passes());
            for (int i = 0; i < progress.size(); i++) {
                assertThat(progress.get(i).pass()).isEqualTo(i + 1);
                assertThat(progress.get(i).maximumPasses()).isEqualTo(powerIterations < 0 ? 20 : powerIterations + 1);
                assertThat(progress.get(i).explainedVarianceRatio()).isCloseTo(expected.ratios.get(i), within(1e-5));
            }
            assertThat(found.values()).hasSize(components);
            assertThat(found.vectors()).hasSize(components * columns);
            for (int i = 0; i < components; i++) {
                double value = expected.values[i];
                assertThat(found.values()[i]).isCloseTo(value, within(1e-4 * expected.values[0]));
                double[] vector = new double[columns];
                System.arraycopy(found.vectors(), i * columns, vector, 0, columns);
                double length = dot(expected.vectors[i], expected.vectors[i]);
                assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
                assertThat(Math.abs(dot(vector, expected.vectors[i])) / Math.sqrt(length))
                        .isCloseTo(1, within(1e-3));
            }
        }
    }
}
