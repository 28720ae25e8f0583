package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BenchDataTest {
    @Test
    void givesTheSameRowsForTheSameName() throws IOException {
        try (BenchData one = BenchData.of("50x7x4");
                BenchData other = BenchData.of("50x7x4")) {
            assertThat(one.train().rows()).isEqualTo(50);
            assertThat(one.train().columns()).isEqualTo(7);
            assertThat(one.classes()).isEqualTo(4);
            assertThat(Arrays.stream(one.trainLabels()).distinct()).containsExactlyInAnyOrder(0, 1, 2, 3);
            float[] row = new float[7];
            float[] again = new float[7];
            float[] unseen = new float[7];
            for (int i = 0; i < 50; i++) {
                one.train().getRow(i, row);
                other.train().getRow(i, again);
                one.test().getRow(i, unseen);
                assertThat(row).isEqualTo(again).isNotEqualTo(unseen);
            }
        }
    }

    @Test
    void refusesOtherNames() {
        assertThatThrownBy(() -> BenchData.of("mnist"))
                .hasMessage("data is 'mnist', which is neither fashion-mnist, fashion-mnist:ROWS nor NxDxK");
    }
}
