package io.heddle.internal.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ColumnSpreadTest {
    private static FloatMatrix columns(int n, IntToDoubleFunction... columns) {
        FloatMatrix x = FloatMatrix.allocate(n, columns.length);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < columns.length; j++) {
                x.set(i, j, (float) columns[j].applyAsDouble(i));
            }
        }
        return x;
    }

    private static void check(FloatMatrix x) {
        ColumnSpread.check(x, ColumnMoments.of(x, "the data", WorkerPool.shared()), "the data");
    }

    private static Optional<String> warning(FloatMatrix x) {
        return ColumnSpread.warning(x, ColumnMoments.of(x, "the data", WorkerPool.shared()), "the data");
    }

    @Test
    void namesColumnsThatRoundingHasFlattened() {
        SplittableRandom random = new SplittableRandom(1);
        try (FloatMatrix x = columns(
                3000,
                i -> random.nextGaussian(),
                i -> 1.7e9 + random.nextInt(3600),
                i -> 1e6 + random.nextGaussian(),
                i -> 1e6 + 100 * random.nextGaussian())) {
            assertThat(warning(x))
                    .get()
                    .asString()
                    .startsWith("the data: rounding to float has cost column 1 (mean 1.7")
                    .contains("floats 128 apart), column 2 (mean ")
                    .doesNotContain("column 0")
                    .doesNotContain("column 3");
        }
    }

    @Test
    void refusesDataOfSuchColumnsOnly() {
        SplittableRandom random = new SplittableRandom(1);
        try (FloatMatrix x = columns(300, i -> 1.7e9 + random.nextInt(300), i -> 5)) {
            assertThatThrownBy(() -> check(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0")
                    .hasMessageContaining("subtract the mean");
        }
    }

    @Test
    void leavesExactColumnsAlone() {
        SplittableRandom random = new SplittableRandom(1);
        try (FloatMatrix x = columns(
                2000,
                i -> 5_000_000 + random.nextInt(4),
                i -> 1.7e9,
                i -> 2000 + i % 20,
                i -> Math.nextUp(0.7f) * (i % 2) + 0.7f * (1 - i % 2),
                i -> i < 1999 ? 3e8 : 0)) {
            assertThat(warning(x)).isEmpty();
        }
        try (FloatMatrix x = columns(10, i -> 1e9);
                FloatMatrix whole = columns(10, i -> 10_000_000 + i % 3)) {
            assertThat(warning(whole)).isPresent();
            assertThatCode(() -> check(x)).doesNotThrowAnyException();
        }
    }
}
