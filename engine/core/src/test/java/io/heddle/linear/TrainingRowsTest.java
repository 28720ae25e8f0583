package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.FloatMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRowsTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gathersRowsWithTheirLabelsAndWeights(boolean weighted) {
        try (SmallRows small = new SmallRows(30, 4, 3, Scaling.STANDARDIZE, true, weighted)) {
            long[] chosen = {2, 3, 11, 29};
            TrainingRows some = small.rows.gather(chosen, SmallRows.POOL);
            try (FloatMatrix x = (FloatMatrix) some.x()) {
                assertThat(some.count()).isEqualTo(4);
                assertThat(some.total()).isEqualTo(4);
                assertThat(some.width()).isEqualTo(5);
                assertThat(some.classes()).isEqualTo(3);
                assertThat(some.transform()).isSameAs(small.rows.transform());
                assertThat(some.weights() != null).isEqualTo(weighted);
                for (int i = 0; i < chosen.length; i++) {
                    int row = (int) chosen[i];
                    assertThat(some.labels()[i]).isEqualTo(small.rows.labels()[row]);
                    if (weighted) {
                        assertThat(some.weights()[i]).isEqualTo(small.rows.weights()[row]);
                    }
                    for (int j = 0; j < 4; j++) {
                        assertThat(x.get(i, j)).isEqualTo(small.x.get(row, j));
                    }
                }
            }
        }
    }
}
