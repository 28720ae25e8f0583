package io.heddle.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.decomposition.Pca;
import io.heddle.files.DataFormatException;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImagePipelineTest {
    private static final int IMAGES = 90;
    private static final int SIDE = 9;

    @TempDir
    Path folder;

    private final byte[] file = EncoderFiles.random("20@3/2 17@3", SIDE, 5);

    private static FloatMatrix images() {
        FloatMatrix images = FloatMatrix.allocate(IMAGES, SIDE * SIDE);
        for (int i = 0; i < IMAGES; i++) {
            images.setRow(i, EncoderFiles.image(SIDE, i));
        }
        return images;
    }

    private static int[] labels() {
        int[] labels = new int[IMAGES];
        for (int i = 0; i < IMAGES; i++) {
            labels[i] = i % 3;
        }
        return labels;
    }

    private ImagePipeline learn(FeaturePooling pooling) throws IOException {
        ImageEncoder encoder = ImageEncoder.parse(file, "small", pooling);
        try (FloatMatrix images = images();
                FloatMatrix features = encoder.encode(images)) {
            var pca = Pca.fit(features, Pca.Options.defaults().withComponents(8));
            try (FloatMatrix reduced = pca.transform(features)) {
                LogisticModel classifier =
                        LogisticRegression.fit(reduced, labels(), LogisticRegression.Options.defaults());
                return ImagePipeline.of(encoder, Pipeline.of(Stage.of(pca), Stage.of(classifier)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FeaturePooling.class)
    void agreesWithItsPartsAndIsReadFromOneFile(FeaturePooling pooling) throws IOException {
        Path model = folder.resolve("model.heddle");
        try (ImagePipeline pipeline = learn(pooling)) {
            pipeline.write(model, Provenance.now());
            try (ImagePipeline again = ImagePipeline.read(model)) {
                assertThat(again.encoder().sha256())
                        .isEqualTo(pipeline.encoder().sha256());
                assertThat(again.encoder().file().file()).isEqualTo(file);
                float[] features = new float[pipeline.encoder().dimensions()];
                float[] probabilities = new float[3];
                for (int i = 0; i < IMAGES; i++) {
                    float[] image = EncoderFiles.image(SIDE, i);
                    pipeline.encoder().encode(image, features);
                    int label = pipeline.features().predict(features);
                    assertThat(pipeline.predict(image)).isEqualTo(label);
                    assertThat(again.predict(image)).isEqualTo(label);
                    byte[] pixels = new byte[image.length];
                    for (int p = 0; p < pixels.length; p++) {
                        pixels[p] = (byte) Math.round(image[p] * 255);
                    }
                    again.probabilities(pixels, probabilities);
                    int largest = 0;
                    for (int c = 1; c < 3; c++) {
                        largest = probabilities[c] > probabilities[largest] ? c : largest;
                    }
                    assertThat(again.predict(pixels)).isEqualTo(largest).isEqualTo(pipeline.predict(pixels));
                }
            }
        }
    }

    @Test
    void acceptsFeaturesToo() throws IOException {
        Path model = folder.resolve("model.heddle");
        try (ImagePipeline pipeline = learn(FeaturePooling.MEAN)) {
            pipeline.write(model, Provenance.now().withSeed(3));
            try (SavedModel saved = ModelFile.read(model)) {
                assertThat(saved.pipeline().inputs()).isEqualTo(17);
                assertThat(saved.provenance().seed()).hasValue(3L);
                assertThat(saved.provenance().encoder().orElseThrow().sha256())
                        .isEqualTo(pipeline.encoder().sha256());
            }
        }
    }

    @Test
    void refusesInputThatDoesNotFit() throws IOException {
        Path model = folder.resolve("model.heddle");
        try (ImagePipeline pipeline = learn(FeaturePooling.MEAN);
                ImageEncoder other =
                        ImageEncoder.parse(EncoderFiles.random("5@3", SIDE, 1), "other", FeaturePooling.MEAN)) {
            assertThatThrownBy(() -> ImagePipeline.of(other, pipeline.features()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder gives 5 features, but the pipeline takes 17 values");
            ModelFile.write(model, pipeline.features(), Provenance.now());
            assertThatThrownBy(() -> ImagePipeline.read(model))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessage("%s holds no encoder: only models that were written with one label images", model);
            ModelFile.write(model, pipeline.features(), other.file(), Provenance.now());
            assertThatThrownBy(() -> ImagePipeline.read(model))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith("%s is damaged: the encoder gives ", model);
            ModelFile.write(
                    model,
                    pipeline.features(),
                    pipeline.encoder().file(),
                    Provenance.now().withEncoder("small", "0".repeat(64)));
            assertThatThrownBy(() -> ImagePipeline.read(model))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith("%s is damaged: the encoder inside has the SHA-256", model);
            pipeline.write(model, Provenance.now());
            byte[] bytes = Files.readAllBytes(model);
            bytes[bytes.length - 3] ^= 1;
            Files.write(model, bytes);
            assertThatThrownBy(() -> ImagePipeline.read(model))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("does not match its checksum");
        }
    }
}
