package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of data whose products would leave the range of float, against the definitions in double. */
class WithinRangeTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    /** More than a block. */
    private static final int ROWS = 300;

    private static FloatMatrix data(double magnitude) {
        FloatMatrix x = FloatMatrix.allocate(ROWS, 2);
        for (int i = 0; i < ROWS; i++) {
            x.set(i, 0, (float) (magnitude * (i % 7)));
            x.set(i, 1, (float) (magnitude * (3 - i % 5)));
        }
        return x;
    }

    private static double mean(FloatMatrix x, int column) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += x.get(i, column);
        }
        return sum / ROWS;
    }

    private static double squaredDeviations(FloatMatrix x, int column) {
        double mean = mean(x, column);
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += Math.pow(x.get(i, column) - mean, 2);
        }
        return sum;
    }

    private static void assertUsedAsItIs(WithinRange range, Object x, Scaling scaling) {
        assertThat(range.rows()).isSameAs(x);
        assertThat(range.scaling()).isSameAs(scaling);
        assertThat(range.restored()).isSameAs(scaling);
        assertThat(range.factor()).isEqualTo(1);
    }

    @Test
    void ordinaryValuesAreNotCopied() {
        byte[] bytes = {1, 2, 3, 4};
        try (FloatMatrix x = data(1);
                ByteMatrix tiny = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 2, 2, 1e-30f)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            for (Scaling scaling : new Scaling[] {Scaling.centring(moments), Scaling.standardizing(x, moments, POOL)}) {
                WithinRange range = WithinRange.of(x, moments, scaling, POOL);
                assertUsedAsItIs(range, x, scaling);
                range.close();
                assertThat(OpenMemory.of(x)).isNotEmpty();
            }
            ColumnMoments ofBytes = ColumnMoments.of(tiny, "x", POOL);
            Scaling centring = Scaling.centring(ofBytes);
            assertUsedAsItIs(WithinRange.of(tiny, ofBytes, centring, POOL), tiny, centring);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1e25})
    void extremeValuesAreScaledByAPowerOfTwo(double magnitude) {
        try (FloatMatrix x = data(magnitude)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            WithinRange range = WithinRange.of(x, moments, Scaling.centring(moments), POOL);
            FloatMatrix rows = (FloatMatrix) range.rows();
            assertThat(rows).isNotSameAs(x);
            double squares = squaredDeviations(x, 0) + squaredDeviations(x, 1);
            double scaled = squaredDeviations(rows, 0) + squaredDeviations(rows, 1);
            assertThat(scaled / ROWS).isBetween(1.0, 4.0);
            assertThat(range.factor() * scaled).isCloseTo(squares, within(1e-6 * squares));
            assertThat(range.scaling().squaredDeviations()).isCloseTo(scaled, within(1e-6 * scaled));
            assertThat(range.restored().squaredDeviations()).isCloseTo(squares, within(1e-6 * squares));
            assertThat(range.restored().deviation()).isNull();
            for (int j = 0; j < 2; j++) {
                assertThat(range.scaling().mean()[j]).isCloseTo(mean(rows, j), within(1e-6));
                assertThat(range.restored().mean()[j]).isCloseTo(mean(x, j), within(1e-6 * magnitude));
            }
            double[] vectors = {1, 0};
            Pca.Subspace found = range.restore(new Pca.Subspace(new double[] {scaled, 0.5}, vectors, 3, true));
            assertThat(found.values()[0]).isCloseTo(squares, within(1e-6 * squares));
            assertThat(found.values()[1]).isEqualTo(0.5 * range.factor());
            assertThat(found.vectors()).isSameAs(vectors);
            assertThat(found.passes()).isEqualTo(3);
            assertThat(found.converged()).isTrue();
            range.close();
            assertThat(OpenMemory.of(rows)).isEmpty();
            assertThat(OpenMemory.of(x)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1e25})
    void extremeColumnsAreStandardizedInDouble(double magnitude) {
        try (FloatMatrix x = data(magnitude)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Scaling scaling = Scaling.standardizing(x, moments, POOL);
            WithinRange range = WithinRange.of(x, moments, scaling, POOL);
            FloatMatrix rows = (FloatMatrix) range.rows();
            for (int j = 0; j < 2; j++) {
                double mean = mean(x, j);
                double deviation = Math.sqrt(squaredDeviations(x, j) / ROWS);
                for (int i = 0; i < ROWS; i++) {
                    assertThat((double) rows.get(i, j)).isCloseTo((x.get(i, j) - mean) / deviation, within(1e-6));
                }
            }
            assertThat(range.scaling().mean()).containsExactly(0, 0);
            assertThat(range.scaling().deviation()).isNull();
            assertThat(range.scaling().squaredDeviations()).isEqualTo(2.0 * ROWS);
            assertThat(range.restored()).isSameAs(scaling);
            assertThat(range.factor()).isEqualTo(1);
            range.close();
            assertThat(OpenMemory.of(rows)).isEmpty();
        }
    }
}
