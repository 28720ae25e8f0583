package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.encoder.ConvolutionLayer;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.encoder.ImagePipeline;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import io.heddle.neighbors.NeighborIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code io.heddle.encoder}. */
class EncoderExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void imageEncoder() throws IOException {
        byte[] pixels = new byte[28 * 28];
        // @start region="image-encoder"
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
                FloatMatrix images = FloatMatrix.allocate(70, 28 * 28); // gray, from 0 to 1
                FloatMatrix features = encoder.encode(images)) {
            float[] one = new float[encoder.dimensions()];
            encoder.encode(pixels, one); // an image alone: on this thread, without allocation
            // @end
            for (int j = 0; j < one.length; j++) {
                assertThat(features.get(69, j)).isEqualTo(one[j]);
            }
        }
    }

    @Test
    void pooling() throws IOException {
        // @start region="pooling"
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.GRID)) {
            int means = encoder.meanDimensions(); // 256 means, for clusters
            int all = encoder.dimensions(); // and 2,048 of windows behind them, for classifiers
            // @end
            assertThat(means).isEqualTo(256);
            assertThat(all).isEqualTo(256 + 2048);
        }
    }

    @Test
    void layers() {
        // @start region="layers"
        List<ConvolutionLayer> layers = ConvolutionLayer.parse("32@5/2 64@3"); // channels@kernel/stride
        int side = layers.get(0).output(28);
        // @end
        assertThat(side).isEqualTo(14);
        assertThat(ConvolutionLayer.describe(layers)).isEqualTo("32@5/2 64@3");
    }

    @Test
    void imagePipeline() throws IOException {
        byte[] pixels = new byte[28 * 28];
        Path file = folder.resolve("clothes.heddle");
        ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
        try (FloatMatrix images = FloatMatrix.allocate(40, 28 * 28)) {
            for (int i = 0; i < 40; i++) {
                images.set(i, 300 + i, 1f);
            }
            // @start region="image-pipeline"
            try (FloatMatrix features = encoder.encode(images)) {
                KMeansModel clusters =
                        KMeans.fit(features, KMeans.Options.defaults().withClusters(2));
                try (ImagePipeline pipeline = ImagePipeline.of(encoder, Pipeline.of(Stage.of(clusters)))) {
                    pipeline.write(file, Provenance.now()); // the encoder is in the file
                }
            }
            try (ImagePipeline pipeline = ImagePipeline.read(file)) {
                int cluster = pipeline.predict(pixels); // on this thread, without allocation
                // @end
                assertThat(cluster).isBetween(0, 1);
            }
        }
    }

    @Test
    void imageNeighbors() throws IOException {
        byte[] pixels = new byte[28 * 28];
        Path file = folder.resolve("neighbors.heddle");
        int[] labels = new int[40];
        ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
        try (FloatMatrix images = FloatMatrix.allocate(40, 28 * 28)) {
            for (int i = 0; i < 40; i++) {
                images.set(i, 300 + i, 1f);
                labels[i] = i / 20;
            }
            // @start region="image-neighbors"
            try (FloatMatrix features = encoder.encode(images)) {
                PcaModel pca = Pca.fit(features, Pca.Options.defaults().withComponents(8));
                try (FloatMatrix reduced = pca.transform(features)) {
                    Stage nearest = Stage.of(NeighborIndex.of(reduced, labels, 5));
                    try (ImagePipeline pipeline = ImagePipeline.of(encoder, Pipeline.of(Stage.of(pca), nearest))) {
                        pipeline.write(file, Provenance.now()); // encoder, components and rows
                    }
                }
            }
            try (ImagePipeline pipeline = ImagePipeline.read(file)) {
                int[] ids = new int[5];
                float[] distances = new float[5];
                pipeline.neighbors(pixels, ids, distances); // the five most similar images, nearest first
                int label = pipeline.predict(pixels); // the label that most of them have
                // @end
                long ones = Arrays.stream(ids).filter(id -> labels[id] == 1).count();
                assertThat(label).isEqualTo(ones > 2 ? 1 : 0);
                assertThat(distances).isSorted();
            }
        }
    }
}
