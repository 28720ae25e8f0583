package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The example of {@link Encoder}. */
class EncoderExampleTest {
    @Test
    void encoder() throws IOException {
        // @start region="encoder"
        try (FloatMatrix images = FloatMatrix.allocate(100, 28 * 28); // pixels from 0 to 1, one image per row
                Encoder encoder = Encoder.open("fashion");
                FloatMatrix features = encoder.encode(images, 28, 28, progress -> {})) {
            int dimensions = features.columns();
            // @end
            assertThat(dimensions).isEqualTo(encoder.dimensions());
            assertThat(features.rows()).isEqualTo(100);
        }
    }
}
