package io.heddle.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.FashionMnistFiles;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares Heddle with ONNX Runtime on exported encoders. */
@Tag("slow")
class EncoderOnnxTest {
    private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

    @TempDir
    Path folder;

    private static float[][][][] planes(FloatMatrix images, long from, long to, int side) {
        float[][][][] planes = new float[(int) (to - from)][1][side][side];
        float[] image = new float[side * side];
        for (long i = from; i < to; i++) {
            images.getRow(i, image);
            for (int y = 0; y < side; y++) {
                planes[(int) (i - from)][0][y] = Arrays.copyOfRange(image, y * side, (y + 1) * side);
            }
        }
        return planes;
    }

    private static Object run(OrtSession session, float[][][][] images, String output) throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(ORT, images);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            return result.get(output).orElseThrow().getValue();
        }
    }

    /** Odd and even sides, strides, one pixel and both poolings. The pipeline computes components of the features. */
    @ParameterizedTest
    @CsvSource({"20@5/2 17@3, 9", "8@3 16@3/2 24@3 12@1, 14", "5@3/4 6@3, 4", "3@7, 5"})
    void theFeaturesAreThoseOfHeddle(String layers, int side) throws IOException, OrtException {
        for (FeaturePooling pooling : FeaturePooling.values()) {
            Path file = folder.resolve("encoder.onnx");
            try (ImageEncoder encoder = ImageEncoder.parse(EncoderFiles.random(layers, side, 5), "random", pooling);
                    FloatMatrix images = images(40, side);
                    FloatMatrix features = encoder.encode(images);
                    PcaModel pca = Pca.fit(features, Pca.Options.defaults().withComponents(3));
                    FloatMatrix expected = pca.transform(features)) {
                OnnxFile.write(file, Pipeline.of(Stage.of(pca)), encoder.file(), Map.of());
                try (OrtSession session = ORT.createSession(file.toString())) {
                    float[][] found = (float[][]) run(session, planes(images, 0, 40, side), "output");
                    float[] row = new float[3];
                    for (int i = 0; i < found.length; i++) {
                        expected.getRow(i, row);
                        assertThat(found[i]).containsExactly(row, within(2e-5f));
                    }
                }
            }
        }
    }

    /** Each kind of layer that an import may give. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conv 0 5@3/1 1,1,1,1; sigmoid 1; silu 1; concat 2 3 1; hard-swish 4; leaky 5 0.2; mean 6 7/1",
                "conv 0 6@3/1; pad 1 1,0,1,2 0.75; max 2 2/1; pad 3 1,1,1,1 -Infinity; max 4 3/3; clip 5 -0.5,0.5",
                "conv 0 6@3/1 1,1,1,1; shuffle 1 3; slice 2 1 4; slice 2 5 1; concat 3 4; shuffle 5 5; mean 6 7/1",
                "conv 0 6@1x5/1 0,1,0,3; depthwise 1 3x1/1 1,0,1,0; max 2 1x3/1 0,1,0,1; padded-mean 3 3x1/1 2,0,0,0; mean 4 1x2/1 0,1,0,0",
                "conv 0 4@3/1 1,1,1,1 relu; depthwise 1 3/2 1,1,1,1; padded-mean 2 2/1 1,1,0,0; mul 3 3; add 4 3 relu"
            })
    void theFeaturesOfImportedNetworksAreThoseOfHeddle(String layers) throws IOException, OrtException {
        int side = 7;
        Path file = folder.resolve("encoder.onnx");
        byte[] network = EncoderFiles.randomGraph(layers, 1, side, 5);
        try (ImageEncoder encoder = ImageEncoder.parse(network, "random", FeaturePooling.MEAN);
                FloatMatrix images = images(40, side);
                FloatMatrix features = encoder.encode(images);
                PcaModel pca = Pca.fit(features, Pca.Options.defaults().withComponents(3));
                FloatMatrix expected = pca.transform(features)) {
            OnnxFile.write(file, Pipeline.of(Stage.of(pca)), encoder.file(), Map.of());
            try (OrtSession session = ORT.createSession(file.toString())) {
                float[][] found = (float[][]) run(session, planes(images, 0, 40, side), "output");
                float[] row = new float[3];
                for (int i = 0; i < found.length; i++) {
                    expected.getRow(i, row);
                    assertThat(found[i]).containsExactly(row, within(2e-5f));
                }
            }
        }
    }

    private static FloatMatrix images(int count, int side) {
        FloatMatrix images = FloatMatrix.allocate(count, side * side);
        for (int i = 0; i < count; i++) {
            images.setRow(i, EncoderFiles.image(side, i));
        }
        return images;
    }

    /** One graph computes the class from the pixels: each of the 10,000 test images gets the same label. */
    @Tag("one-width")
    @Test
    void allTestImagesHaveTheSameLabel() throws IOException, OrtException {
        Path source = Path.of("/usr/share/datasets/fashion-mnist");
        assumeThat(Files.isDirectory(source)).isTrue();
        Path model = folder.resolve("fashion.heddle");
        Path onnx = folder.resolve("fashion.onnx");
        int[] labels = FashionMnistFiles.labels(source.resolve("train-labels-idx1-ubyte.gz"), 3_000);
        try (FloatMatrix images = FashionMnistFiles.images(source.resolve("train-images-idx3-ubyte.gz"), 3_000);
                FloatMatrix testImages = FashionMnistFiles.images(source.resolve("t10k-images-idx3-ubyte.gz"), 10_000);
                ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
                FloatMatrix features = encoder.encode(images);
                PcaModel pca = Pca.fit(features, Pca.Options.defaults().withComponents(50));
                FloatMatrix reduced = pca.transform(features);
                LogisticModel classifier =
                        LogisticRegression.fit(reduced, labels, LogisticRegression.Options.defaults());
                FloatMatrix tests = encoder.encode(testImages);
                Pipeline pipeline = Pipeline.of(Stage.of(pca), Stage.of(classifier))) {
            ModelFile.write(model, pipeline, encoder.file(), Provenance.now());
            try (SavedModel saved = ModelFile.read(model)) {
                OnnxFile.write(onnx, saved);
            }
            int[] expected = pipeline.predict(tests);
            try (OrtSession session = ORT.createSession(onnx.toString())) {
                for (int from = 0; from < expected.length; from += 500) {
                    long[] found = (long[]) run(session, planes(testImages, from, from + 500L, 28), "label");
                    for (int i = 0; i < found.length; i++) {
                        assertThat(found[i]).as("image %d", from + i).isEqualTo(expected[from + i]);
                    }
                }
            }
        }
    }

    @Test
    void refusesAnEncoderOfOtherFeatures() throws IOException {
        try (ImageEncoder encoder = ImageEncoder.parse(EncoderFiles.random("5@3", 6, 1), "small", FeaturePooling.MEAN);
                FloatMatrix rows = images(30, 4);
                PcaModel pca = Pca.fit(rows, Pca.Options.defaults().withComponents(2))) {
            assertThatThrownBy(() -> OnnxFile.write(
                            folder.resolve("no.onnx"), Pipeline.of(Stage.of(pca)), encoder.file(), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder small has 5 or 25 features, but the model takes 16");
            assertThat(folder.resolve("no.onnx")).doesNotExist();
        }
    }
}
