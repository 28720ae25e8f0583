package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowNormalizerTest {
    @Property(tries = 50)
    void rowsHaveUnitLengthAndKeepTheirDirection(
            @ForAll @IntRange(min = 0, max = 700) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (FloatMatrix x = FloatMatrix.allocate(rows, columns)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, (float) random.nextDouble(-3, 3));
                }
            }
            try (FloatMatrix before = x.copy()) {
                RowNormalizer.normalize(x, WorkerPool.shared());
                for (int i = 0; i < rows; i++) {
                    double squares = 0;
                    for (int j = 0; j < columns; j++) {
                        squares += (double) before.get(i, j) * before.get(i, j);
                    }
                    for (int j = 0; j < columns; j++) {
                        assertThat((double) x.get(i, j))
                                .isCloseTo(before.get(i, j) / Math.sqrt(squares), within(1.5e-7));
                    }
                }
            }
        }
    }

    @Test
    void zerosStayAndExtremesDoNotOverflow() {
        float[] values = {0, 0, 3e38f, 3e38f, 1e-40f, 0, -2, 0, 1.4e-45f, 1.4e-45f};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 5, 2)) {
            RowNormalizer.normalize(x);
            double half = Math.sqrt(0.5);
            double[] expected = {0, 0, half, half, 1, 0, -1, 0, half, half};
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) x.get(i / 2, i % 2)).isCloseTo(expected[i], within(1e-7));
            }
        }
    }

    @Test
    void refusesValuesThatAreNotFiniteAndChangesNothing() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {2, 0, 0, Float.NaN}, 2, 2)) {
            assertThatThrownBy(() -> RowNormalizer.normalize(x))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("NaN in row 1, column 1");
            assertThat(x.get(0, 0)).isEqualTo(2);
        }
    }
}
