package io.heddle.bench.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Both benchmarks time the same work. */
class ImageEncoderBenchmarkTest {
    @Test
    void aSingleImageHasTheFeaturesThatItHasInABlock() throws IOException {
        ImageEncoderBenchmark b = new ImageEncoderBenchmark();
        b.setUp();
        try {
            float[] last = b.oneImage();
            // The last image of the blocks is the one that is encoded alone.
            assertThat(b.blocks()).isEqualTo(last[last.length - 1]).isNotZero();
        } finally {
            b.close();
        }
    }
}
