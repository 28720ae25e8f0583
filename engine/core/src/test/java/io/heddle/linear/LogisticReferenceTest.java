package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Optima found in float64 by logistic_reference.py; "hard" is the kind of problem on which class-wise Newton fails. */
class LogisticReferenceTest {
    static final class Problem implements AutoCloseable {
        final FloatMatrix x;
        final int[] labels;

        Problem(String name) {
            List<String> lines = lines(name);
            int columns = lines.getFirst().split(",").length - 1;
            x = FloatMatrix.allocate(lines.size(), columns);
            labels = new int[lines.size()];
            for (int i = 0; i < labels.length; i++) {
                String[] fields = lines.get(i).split(",");
                labels[i] = Integer.parseInt(fields[0]);
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, Float.parseFloat(fields[j + 1]));
                }
            }
        }

        private static List<String> lines(String name) {
            try (var in = LogisticReferenceTest.class.getResourceAsStream(name + ".csv");
                    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                return reader.lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            x.close();
        }
    }

    private static LogisticRegression.Options options(double lambda, double l1Ratio, int standardize) {
        return LogisticRegression.Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withStandardize(standardize == 1)
                .withTolerance(1e-5);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "optima.csv", numLinesToSkip = 1)
    void reachesTheOptimum(
            String problem, double lambda, double l1Ratio, int standardize, double optimum, long nonZeros) {
        try (Problem p = new Problem(problem);
                LogisticModel model = LogisticRegression.fit(p.x, p.labels, options(lambda, l1Ratio, standardize))) {
            // Float logits of 16 have an ulp of 1e-6. The error of the mean loss is a tenth of it.
            assertThat(model.objective()).isCloseTo(optimum, within(2e-6 * optimum + 1.2e-7));
            assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.DUALITY_GAP);
            // The dual point of a pure lasso is scaled into its box, with an error of the rounding of the largest
            // gradient / lambda.
            assertThat(model.certificate().relative()).isLessThanOrEqualTo(l1Ratio == 1 ? 3e-5 : 1e-5);
            assertThat((model.objective() - optimum) / model.objective())
                    .isLessThanOrEqualTo(model.certificate().relative() + 1e-7);
            assertThat(model.nonZeros()).isBetween(nonZeros - nonZeros / 20 - 1, nonZeros + nonZeros / 20 + 1);
        }
    }

    /**
     * "iris" and "digits" are not centred, so other weights are optimal without intercepts. Some pixels are constant.
     */
    @ParameterizedTest
    @CsvFileSource(resources = "optima_without_intercepts.csv", numLinesToSkip = 1)
    void reachesTheOptimumWithoutIntercepts(
            String problem, double lambda, double l1Ratio, int standardize, double optimum, long nonZeros) {
        var options = options(lambda, l1Ratio, standardize).withIntercept(false);
        try (Problem p = new Problem(problem)) {
            for (int iterations : new int[] {1, options.maxIterations()}) {
                try (LogisticModel model =
                        LogisticRegression.fit(p.x, p.labels, options.withMaxIterations(iterations))) {
                    double suboptimality = (model.objective() - optimum) / model.objective();
                    assertThat(suboptimality)
                            .isLessThanOrEqualTo(model.certificate().relative() + 1e-7);
                    assertThat(model.intercepts()).containsOnly(0);
                    if (iterations > 1) {
                        assertThat(model.objective()).isCloseTo(optimum, within(2e-6 * optimum + 1.2e-7));
                        assertThat(model.certificate().relative()).isLessThanOrEqualTo(l1Ratio == 1 ? 3e-5 : 1e-5);
                        assertThat(model.nonZeros())
                                .isBetween(nonZeros - nonZeros / 20 - 1, nonZeros + nonZeros / 20 + 1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "optima.csv", numLinesToSkip = 1)
    void certifiesARoughSolution(
            String problem, double lambda, double l1Ratio, int standardize, double optimum, long nonZeros) {
        var options = LogisticRegression.Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withStandardize(standardize == 1)
                .withMaxIterations(1);
        try (Problem p = new Problem(problem);
                LogisticModel model = LogisticRegression.fit(p.x, p.labels, options)) {
            double suboptimality = (model.objective() - optimum) / model.objective();
            assertThat(suboptimality).isLessThanOrEqualTo(model.certificate().relative() + 1e-7);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "optima.csv", numLinesToSkip = 1)
    void givesTheSameBitsForAnyNumberOfThreads(
            String problem, double lambda, double l1Ratio, int standardize, double optimum, long nonZeros) {
        var options = LogisticRegression.Options.defaults()
                .withLambda(lambda)
                .withL1Ratio(l1Ratio)
                .withStandardize(standardize == 1);
        try (Problem p = new Problem(problem);
                LogisticModel first = LogisticRegression.fit(p.x, p.labels, options)) {
            for (int threads : new int[] {1, 2, 4, 8}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        LogisticModel again = LogisticRegression.fit(p.x, p.labels, options, pool)) {
                    assertThat(again.objective()).isEqualTo(first.objective());
                    assertThat(again.weights()
                                    .segment()
                                    .mismatch(first.weights().segment()))
                            .isEqualTo(-1);
                    assertThat(again.intercepts()).isEqualTo(first.intercepts());
                }
            }
        }
    }
}
