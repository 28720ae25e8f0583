package io.heddle.bench.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cnn.Precision;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the benchmark computes the same features for every batch size. */
@Tag("slow")
class EncoderBenchmarkTest {
    @Test
    void encodesTheSameImagesInEveryBatchSize() throws IOException {
        float small = encode(24);
        assertThat(small).isLessThan(-1);
        assertThat(encode(64)).isCloseTo(small, within(-0.02f * small));
    }

    private static float encode(int batch) throws IOException {
        EncoderBenchmark b = new EncoderBenchmark();
        b.precision = Precision.AUTO;
        b.batch = batch;
        b.setUp();
        try {
            return b.encode();
        } finally {
            b.close();
        }
    }
}
