package io.heddle.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScatterProductTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    /**
     * The sums of each slice of rows exceed 2²⁴, beyond which floats have no odd numbers; those of the 4096 rows that
     * are added up in float do not.
     */
    @Test
    void manyRowsAreSummedInDouble() {
        int rows = 140_000;
        Scaling scaling = new Scaling(new double[2], null, 1);
        try (FloatMatrix x = FloatMatrix.allocate(rows, 2);
                ScatterProduct product = new ScatterProduct(scaling, 2, false, POOL)) {
            double[] expected = new double[4];
            for (int i = 0; i < rows; i++) {
                double[] row = {63 - i % 2, 61};
                for (int j = 0; j < 2; j++) {
                    x.set(i, j, (float) row[j]);
                    expected[2 * j] += row[j] * row[0];
                    expected[2 * j + 1] += row[j] * row[1];
                }
            }
            assertThat(product.apply(x, new double[] {1, 0, 0, 1})).isEqualTo(expected);
        }
    }

    /** Against the definition, with the rows centred before or after the product. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void centresAndScalesBothFactors(boolean far) {
        int rows = 300;
        double[] mean = {0.5, 2, -1};
        double[] deviation = {2, 4, 0.5};
        double[] v = {1, 0, 2, -1, 0, 3};
        try (FloatMatrix x = FloatMatrix.allocate(rows, 3);
                ScatterProduct product = new ScatterProduct(new Scaling(mean, deviation, 1), 2, far, POOL)) {
            double[] ofAll = new double[6];
            double[] ofSome = new double[6];
            long[] some = {0, 5, 17, 299};
            for (int i = 0; i < rows; i++) {
                double[] row = {i % 5, i % 7, i % 3 - 1};
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, (float) row[j]);
                    row[j] = (row[j] - mean[j]) / deviation[j];
                }
                boolean chosen = i == 0 || i == 5 || i == 17 || i == 299;
                for (int c = 0; c < 2; c++) {
                    double score = row[0] * v[c] + row[1] * v[2 + c] + row[2] * v[4 + c];
                    for (int j = 0; j < 3; j++) {
                        ofAll[2 * j + c] += row[j] * score;
                        ofSome[2 * j + c] += chosen ? row[j] * score : 0;
                    }
                }
            }
            assertThat(product.apply(x, v)).containsExactly(ofAll, within(1e-2));
            assertThat(product.apply(x, some, v)).containsExactly(ofSome, within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsMemoryIsFreed(boolean far) {
        Scaling scaling = new Scaling(new double[] {1, 2}, null, 1);
        ScatterProduct product = new ScatterProduct(scaling, 3, far, POOL);
        assertThat(OpenMemory.of(product)).hasSizeGreaterThan(far ? 5 : 4);
        product.close();
        assertThat(OpenMemory.of(product)).isEmpty();
    }
}
