package io.heddle.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cnn.Encoder;
import io.heddle.cnn.Pooling;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the features for clusters do not depend on the additional features for a classifier. */
@Tag("slow")
class ImageFeaturesTest {
    private static final int SIDE = 28;

    private static FloatMatrix images() {
        FloatMatrix images = FloatMatrix.allocate(5, SIDE * SIDE);
        for (int i = 0; i < images.rows(); i++) {
            for (int j = 0; j < images.columns(); j++) {
                images.set(i, j, (float) (i * 31 + j * 7 % 97) / 255);
            }
        }
        return images;
    }

    private static final class Silent implements StudyListener {}

    private static ImageFeatures features(FloatMatrix images, Pooling pooling) throws IOException {
        try (Encoder encoder =
                Encoder.open("fashion", Encoder.Options.defaults().withPooling(pooling))) {
            return ImageFeatures.of(encoder, images, SIDE, SIDE, new Clock(new Silent()));
        }
    }

    @Test
    void aGridFollowsTheMeans() throws IOException {
        try (FloatMatrix images = images();
                ImageFeatures plain = features(images, Pooling.MEAN);
                ImageFeatures grid = features(images, Pooling.GRID)) {
            assertThat(plain.all()).isSameAs(plain.pooled());
            assertThat(grid.all().columns()).isEqualTo(2304);
            assertThat(grid.pooled().columns()).isEqualTo(256);
            for (int i = 0; i < images.rows(); i++) {
                for (int j = 0; j < 256; j++) {
                    assertThat(grid.pooled().get(i, j))
                            .isEqualTo(plain.pooled().get(i, j))
                            .isEqualTo(grid.all().get(i, j));
                }
            }
        }
    }
}
