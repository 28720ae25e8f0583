package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.decomposition.Pca.Options;
import io.heddle.decomposition.Pca.Solver;
import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomizedSolverTest {
    private static final int COLUMNS = 60;
    /** Rows from which on the solver starts from a sample of them. */
    private static final int SAMPLED = 48 * COLUMNS;

    /** Columns of unequal scales, so that the standardized data have other components. */
    private static FloatMatrix data(int rows) {
        FloatMatrix x = PcaTest.decaying(rows, COLUMNS, 0.93, 1, 5);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, x.get(i, j) * (float) Math.pow(10, j % 4));
            }
        }
        return x;
    }

    /** What the first pass lacks of the variance that the exact components explain. */
    private static double lacking(int rows, boolean standardize) {
        Options options =
                Options.defaults().withComponents(5).withOversampling(5).withStandardize(standardize);
        List<Pca.Progress> passes = new ArrayList<>();
        try (FloatMatrix x = data(rows);
                PcaModel exact = Pca.fit(x, options.withSolver(Solver.COVARIANCE));
                PcaModel model =
                        Pca.fit(x, options.withSolver(Solver.RANDOMIZED).withProgress(passes::add))) {
            assertThat(model.iterations()).isEqualTo(passes.size());
            return Arrays.stream(exact.explainedVarianceRatio()).sum()
                    - passes.getFirst().explainedVarianceRatio();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstPassAfterASampleLacksLittle(boolean standardize) {
        double sampled = lacking(SAMPLED, standardize);
        double random = lacking(SAMPLED - 1, standardize);
        assertThat(sampled).isLessThan(0.01 * random);
    }

    @Test
    void eachSeedHasItsOwnDirections() {
        Options options = Options.defaults()
                .withComponents(5)
                .withSolver(Solver.RANDOMIZED)
                .withPowerIterations(0);
        try (FloatMatrix x = PcaTest.decaying(100, COLUMNS, 0.98, 0, 1);
                PcaModel first = Pca.fit(x, options.withSeed(1));
                PcaModel again = Pca.fit(x, options.withSeed(1));
                PcaModel second = Pca.fit(x, options.withSeed(2))) {
            assertThat(again.explainedVariance()).isEqualTo(first.explainedVariance());
            assertThat(second.explainedVariance()).isNotEqualTo(first.explainedVariance());
        }
    }

    /** As many directions as columns: the first pass is exact. */
    @Test
    void asManyDirectionsAsColumnsNeedOnePass() {
        Options options = Options.defaults().withComponents(5).withSolver(Solver.RANDOMIZED);
        try (FloatMatrix x = PcaTest.decaying(2_000, 16, 0.99, 0, 1);
                PcaModel model = Pca.fit(x, options);
                PcaModel fixed = Pca.fit(x, options.withPowerIterations(0))) {
            assertThat(model.iterations()).isEqualTo(1);
            assertThat(model.converged()).isTrue();
            assertThat(fixed.converged()).isTrue();
        }
    }

    /** 64 directions of 512 columns, and 48 rows for each column. */
    @Test
    void isQuickerForManyRowsAndFewDirections() {
        assertThat(RandomizedSolver.isQuicker(24_576, 512, 52, 10)).isTrue();
        assertThat(RandomizedSolver.isQuicker(24_576, 512, 53, 10)).isFalse();
        assertThat(RandomizedSolver.isQuicker(24_575, 512, 52, 10)).isFalse();
        assertThat(RandomizedSolver.isQuicker(24_576, 511, 52, 10)).isFalse();
        assertThat(RandomizedSolver.isQuicker(1_000_000, 2048, 50, 10)).isTrue();
        assertThat(RandomizedSolver.isQuicker(1_000_000, 2049, 50, 10)).isFalse();
    }
}
