package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.Heddle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle}. */
@Tag("slow")
class HeddleExamplesTest {
    @Test
    void warmUp() throws InterruptedException {
        // @start region="warm-up"
        Thread warming = Heddle.startWarmUp(); // beside what the program does first, such as reading its data
        // @end
        warming.join();
        assertThat(warming.isAlive()).isFalse();
        assertThat(Heddle.vectorLanes()).isIn(1, 4, 8, 16);
    }
}
