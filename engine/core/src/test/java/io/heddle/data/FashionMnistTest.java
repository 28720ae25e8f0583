package io.heddle.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FashionMnistTest {
    private static final FashionMnist.Options DEFAULTS = FashionMnist.Options.defaults();

    @Test
    void loadsThePublishedDataSet() throws IOException {
        assumeTrue(Files.isDirectory(DEFAULTS.system()) || Files.isDirectory(DEFAULTS.cache()));
        List<String> log = new ArrayList<>();
        try (ImageDataset data = FashionMnist.load(DEFAULTS, log::add)) {
            assertThat(log).hasSize(1);
            assertThat(data.name()).isEqualTo("Fashion-MNIST");
            assertThat(data.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
            assertThat(data.width()).isEqualTo(28);
            assertThat(data.height()).isEqualTo(28);
            assertThat(data.trainImages()).hasToString("FloatMatrix[60000 x 784]");
            assertThat(data.testImages()).hasToString("FloatMatrix[10000 x 784]");
            assertThat(countsOf(data.trainLabels())).containsOnly(6000);
            assertThat(countsOf(data.testLabels())).containsOnly(1000);
            assertThat(extremes(data.trainImages())).containsExactly(0f, 1f);
            assertThat(extremes(data.testImages())).containsExactly(0f, 1f);
            // numpy: float32(byte) * float32(1 / 255) and int32 labels, hashed in this order.
            assertThat(data.sha256()).isEqualTo("90e6388759607d073a58ae2691a499653bfcd9af94b25a7768e28de7cf88f42c");
        }
    }

    private static int[] countsOf(int[] labels) {
        int[] counts = new int[10];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    private static float[] extremes(FloatMatrix images) {
        float[] row = new float[images.columns()];
        float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE};
        for (long i = 0; i < images.rows(); i++) {
            images.getRow(i, row);
            for (float pixel : row) {
                extremes[0] = Math.min(extremes[0], pixel);
                extremes[1] = Math.max(extremes[1], pixel);
            }
        }
        return extremes;
    }
}
