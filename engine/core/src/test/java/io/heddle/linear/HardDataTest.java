package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares fits with {@link ReferenceOptimum} on data where float sums or a careless stopping rule fail. */
// For both engines, because jqwik ignores the tags of JUnit.
@Tag("slow")
@net.jqwik.api.Tag("slow")
class HardDataTest {
    /** The difficulty of the columns or the classes. */
    enum Flaw {
        NONE,
        SCALED,
        SHIFTED,
        COLLINEAR,
        SEPARABLE,
        CONSTANT,
        DUPLICATED,
        ONE_ROW_CLASS
    }

    private static double[][] rows(Flaw flaw, int n, int d, int[] labels, int classes, SplittableRandom random) {
        double[] scale = random.doubles(d, -6, 9).map(e -> Math.pow(10, e)).toArray();
        double[] shift = random.doubles(d, -1e4, 1e4).toArray();
        double[][] x = new double[n][d];
        for (int i = 0; i < n; i++) {
            labels[i] = flaw == Flaw.ONE_ROW_CLASS ? (i == 0 ? classes - 1 : i % (classes - 1)) : i % classes;
            for (int j = 0; j < d; j++) {
                double margin = flaw == Flaw.SEPARABLE ? 12 : 0.7;
                x[i][j] = random.nextGaussian() + (j % classes == labels[i] ? margin : 0);
                switch (flaw) {
                    case SCALED -> x[i][j] *= scale[j];
                    case SHIFTED -> x[i][j] += shift[j];
                    case COLLINEAR -> x[i][j] = j == 0 ? x[i][j] : 3 * x[i][0] + 1e-5 * x[i][j];
                    case CONSTANT -> x[i][j] = j == d - 1 ? shift[j] : x[i][j];
                    case DUPLICATED -> x[i][j] = j == 0 ? x[i][j] : x[i][0];
                    default -> {}
                }
                // The optimum is that of the floats that the engine gets.
                x[i][j] = (float) x[i][j];
            }
        }
        return x;
    }

    private static FloatMatrix matrix(double[][] rows) {
        FloatMatrix x = FloatMatrix.allocate(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[0].length; j++) {
                x.set(i, j, (float) rows[i][j]);
            }
        }
        return x;
    }

    @Property(tries = 250, shrinking = ShrinkingMode.OFF)
    void reachesTheReferenceOrReportsNoConvergence(
            @ForAll Flaw flaw,
            @ForAll @IntRange(min = 8, max = 50) int n,
            @ForAll @IntRange(min = 1, max = 4) int d,
            @ForAll @IntRange(min = 2, max = 4) int classes,
            @ForAll @IntRange(min = 1, max = 8) int digits,
            @ForAll @IntRange(min = 0, max = 2) int halves,
            @ForAll boolean standardize,
            @ForAll long seed) {
        if (flaw == Flaw.ONE_ROW_CLASS && classes == 2 && n < 3) {
            return;
        }
        int[] labels = new int[n];
        double[][] rows = rows(flaw, n, d, labels, classes, new SplittableRandom(seed));
        Options options = Options.defaults()
                .withLambda(Math.pow(10, -digits))
                .withL1Ratio(halves / 2.0)
                .withStandardize(standardize)
                .withTolerance(1e-5);
        double minimum = new ReferenceOptimum(
                        rows, labels, null, classes, options.lambda(), options.l1Ratio(), standardize)
                .minimum();
        try (FloatMatrix x = matrix(rows);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            if (halves == 0) {
                // A reported objective is at most a rounding error below the minimum.
                assertThat(model.objective()).isGreaterThan(minimum * (1 - 1e-7));
            }
            assertCertified(model, minimum);
        }
    }

    private static void assertCertified(LogisticModel model, double minimum) {
        if (model.converged()) {
            assertThat(model.objective()).isLessThan(minimum * (1 + 1e-4));
            assertThat(model.certificate().relative()).isLessThanOrEqualTo(1e-5);
        } else {
            // No certificate is below the true distance.
            assertThat(model.objective() * (1 - model.certificate().relative())).isLessThan(minimum * (1 + 1e-6));
        }
    }

    /** Hardly any penalty: the Hessian becomes so small that the product of two of its scale factors is infinite. */
    @ParameterizedTest
    @CsvSource({"18, 2, 3, 1e-8, false, 53", "25, 4, 4, 1e-8, true, 103", "45, 4, 4, 1e-6, false, 123"})
    @Timeout(60)
    void fitsOfSeparatedRowsEnd(int n, int d, int classes, double lambda, boolean standardize, long seed) {
        int[] labels = new int[n];
        double[][] rows = rows(Flaw.SEPARABLE, n, d, labels, classes, new SplittableRandom(seed));
        Options options = Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(1)
                .withStandardize(standardize)
                .withTolerance(1e-5);
        double minimum = new ReferenceOptimum(rows, labels, null, classes, lambda, 1, standardize).minimum();
        try (FloatMatrix x = matrix(rows);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.objective()).isPositive();
            assertCertified(model, minimum);
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void convergesOnHardDataByDefault(
            @ForAll Flaw flaw, @ForAll @IntRange(min = 0, max = 2) int halves, @ForAll long seed) {
        int[] labels = new int[40];
        double[][] rows = rows(flaw, labels.length, 3, labels, 3, new SplittableRandom(seed));
        try (FloatMatrix x = matrix(rows);
                LogisticModel model =
                        LogisticRegression.fit(x, labels, Options.defaults().withL1Ratio(halves / 2.0))) {
            assertThat(model.converged()).isTrue();
        }
    }

    /** scikit-learn's issues 34561 and 34681: few rows, as many columns, three classes, any strength of the penalty. */
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 0.5", "1, 1", "1000, 0", "1000, 0.5", "1000, 1", "1e6, 0", "1e6, 0.5"})
    void solvesTheHardMultinomialCases(double c, double l1Ratio) {
        for (int seed = 0; seed < 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] labels = random.ints(20, 0, 3).toArray();
            double[][] rows = new double[20][20];
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 20; j++) {
                    rows[i][j] = (float) (random.nextGaussian() + (j < 6 && j % 3 == labels[i] ? 1 : 0));
                }
            }
            Options options = Options.defaults()
                    .withLambda(1 / (c * 20))
                    .withL1Ratio(l1Ratio)
                    .withTolerance(1e-5);
            try (FloatMatrix x = matrix(rows);
                    LogisticModel model = LogisticRegression.fit(x, labels, options)) {
                assertThat(model.converged()).isTrue();
                if (l1Ratio == 0) {
                    double minimum = new ReferenceOptimum(rows, labels, null, 3, options.lambda(), 0, false).minimum();
                    assertThat(model.objective()).isCloseTo(minimum, within(1e-5 * minimum));
                }
            }
        }
    }

    @Test
    void reachesTheOptimumForUnixTimes() {
        double[] times = {0, 600, 1200, 1800, 300, 900, 1500, 2100};
        double[] values = {0, 1, 0, 1, 4, 5, 4, 9};
        int[] labels = {0, 1, 2, 0, 1, 1, 1, 2};
        double[][] rows = new double[8][2];
        for (int i = 0; i < 8; i++) {
            rows[i] = new double[] {times[i] - 1050, values[i]};
        }
        try (FloatMatrix x = matrix(rows);
                LogisticModel model = LogisticRegression.fit(x, labels, Options.defaults())) {
            double minimum = new ReferenceOptimum(rows, labels, null, 3, 1e-4, 0, false).minimum();
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(minimum, within(1e-4 * minimum));
        }
    }

    @Test
    void doesNotStopEarlyOnSeparableRows() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {-100, -90, 90, 100}, 4, 1);
                LogisticModel model = LogisticRegression.fit(x, new int[] {0, 0, 1, 1}, Options.defaults())) {
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isCloseTo(8.498e-7, within(1e-10));
        }
    }

    /** Enough rows to start in float, with losses that become too small for float. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void continuesInDoubleIfFloatIsNotEnough(double l1Ratio) {
        int[] labels = new int[40_000];
        SplittableRandom random = new SplittableRandom(1);
        double[][] rows = rows(Flaw.SEPARABLE, labels.length, 8, labels, 3, random);
        Options options = Options.defaults().withLambda(1e-7).withL1Ratio(l1Ratio);
        try (FloatMatrix x = matrix(rows);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.converged()).isTrue();
            assertThat(model.objective()).isBetween(1e-8, 1e-4);
        }
    }

    @Test
    void separableClassesWithoutPenaltyHaveNoOptimum() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {-1, -2, 1, 2}, 4, 1);
                LogisticModel model = LogisticRegression.fit(
                        x, new int[] {0, 0, 1, 1}, Options.defaults().withLambda(0))) {
            assertThat(model.converged()).isFalse();
            assertThat(model.predict(x)).containsExactly(0, 0, 1, 1);
        }
    }

    @Test
    void aLimitOfIterationsIsNoConvergence() {
        int[] labels = new int[50];
        double[][] rows = rows(Flaw.NONE, 50, 4, labels, 3, new SplittableRandom(2));
        Options options = Options.defaults().withTolerance(1e-8);
        try (FloatMatrix x = matrix(rows);
                LogisticModel one = LogisticRegression.fit(x, labels, options.withMaxIterations(1));
                LogisticModel many = LogisticRegression.fit(x, labels, options)) {
            assertThat(one.converged()).isFalse();
            assertThat(many.converged()).isTrue();
        }
    }

    @Test
    void namesAColumnWhoseValuesAreRoundedAway() {
        float[] times = {1.7e9f, 1.7e9f, 1.7e9f, 1.7e9f + 128};
        try (FloatMatrix x = FloatMatrix.copyOf(times, 4, 1)) {
            assertThatThrownBy(() -> LogisticRegression.fit(x, new int[] {0, 0, 1, 1}, Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("column 0 has a mean of 1.700000032E9 and a standard deviation of ")
                    .hasMessageEndingWith("but floats near the mean lie 128.0 apart, so its values are lost; subtract "
                            + "the mean in double before they become floats");
        }
    }
}
