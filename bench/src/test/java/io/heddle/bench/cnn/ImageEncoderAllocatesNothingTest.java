package io.heddle.bench.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.heddle.cluster.KMeans;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.encoder.ImagePipeline;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Pipeline;
import io.heddle.model.Stage;
import io.heddle.neighbors.NeighborIndex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From raw bytes to features and to a label: a vector that C2 does not keep in a register would be an object. */
@Tag("slow")
class ImageEncoderAllocatesNothingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 100;
    /** Compilation runs beside the test. */
    private static final int CHANCES = 2_000;

    @Test
    void compiledCallsAllocateNothing() throws IOException {
        byte[] pixels = new byte[28 * 28];
        new Random(1).nextBytes(pixels);
        ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
        float[] features = new float[encoder.dimensions()];
        try (FloatMatrix images = FloatMatrix.allocate(30, 28 * 28)) {
            for (int i = 0; i < 30; i++) {
                images.set(i, 100 + i, 1f);
            }
            try (FloatMatrix rows = encoder.encode(images);
                    ImagePipeline pipeline = ImagePipeline.of(
                            encoder,
                            Pipeline.of(Stage.of(
                                    KMeans.fit(rows, KMeans.Options.defaults().withClusters(3)))))) {
                assertThat(minimumBytes(() -> encoder.encode(pixels, features))).isZero();
                assertThat(minimumBytes(() -> pipeline.predict(pixels))).isZero();
            }
        }
    }

    @Test
    void findingNeighboursAllocatesNothing() throws IOException {
        byte[] pixels = new byte[28 * 28];
        new Random(2).nextBytes(pixels);
        int[] ids = new int[5];
        float[] distances = new float[5];
        ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
        try (FloatMatrix images = FloatMatrix.allocate(300, 28 * 28)) {
            for (int i = 0; i < 300; i++) {
                images.set(i, 100 + i, 1f);
            }
            try (FloatMatrix rows = encoder.encode(images)) {
                PcaModel pca = Pca.fit(rows, Pca.Options.defaults().withComponents(10));
                try (FloatMatrix reduced = pca.transform(rows);
                        ImagePipeline pipeline = ImagePipeline.of(
                                encoder,
                                Pipeline.of(Stage.of(pca), Stage.of(NeighborIndex.of(reduced, new int[300], 5))))) {
                    assertThat(minimumBytes(() -> pipeline.predict(pixels))).isZero();
                    assertThat(minimumBytes(() -> pipeline.neighbors(pixels, ids, distances)))
                            .isZero();
                }
            }
        }
    }

    private static long minimumBytes(Runnable call) {
        long minimum = Long.MAX_VALUE;
        for (int chance = 0; chance < CHANCES && minimum > 0; chance++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            minimum = Math.min(minimum, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return minimum;
    }
}
