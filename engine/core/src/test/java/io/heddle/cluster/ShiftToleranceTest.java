package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cluster.KMeans.Options;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;
import org.junit.jupiter.api.Test;

class ShiftToleranceTest {
    /** 4 × 2 with squared deviations of 16: a mean variance of 2. */
    @Test
    void isAShareOfTheMeanVarianceOrOfATinyInertia() {
        Options options = Options.defaults().withTolerance(0.25);
        ColumnMoments moments = new ColumnMoments(new double[2], 16, 16);
        try (FloatMatrix x = FloatMatrix.allocate(4, 2)) {
            double absolute = ShiftTolerance.absolute(x, moments, options);
            assertThat(absolute).isEqualTo(0.5);
            assertThat(ShiftTolerance.of(absolute, 8, x, moments, options)).isEqualTo(0.5);
            double tiny = 16 * 0x1p-60;
            assertThat(ShiftTolerance.of(absolute, tiny, x, moments, options)).isEqualTo(0.5 * 0x1p-60);
        }
    }
}
