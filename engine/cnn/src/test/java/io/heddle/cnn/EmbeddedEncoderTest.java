package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the embedded encoder with the same TorchScript files run by PyTorch in Python. */
@Tag("slow")
class EmbeddedEncoderTest {
    private static final int COUNT = 6;

    // Relative root mean square error: float32 differs in the order of sums only. bfloat16 also differs between
    // processors (AMX, AVX512-BF16, neither); the two precisions are 0.040 apart.
    @ParameterizedTest
    @CsvSource({"FLOAT32, efficientnet-lite0-96-f32, 1e-5", "BFLOAT16, efficientnet-lite0-96-bf16, 0.02"})
    void givesTheFeaturesOfTheReference(Precision precision, String stem, double tolerance) throws IOException {
        JsonArray reference = reference(stem);
        try (Encoder encoder = open(precision);
                FloatMatrix images = TestImages.matrix(COUNT, 28, 28);
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {})) {
            assertThat(encoder.name()).isEqualTo("imagenet");
            assertThat(encoder.precision()).isEqualTo(precision);
            assertThat(encoder.inputSize()).isEqualTo(96);
            assertThat(encoder.dimensions()).isEqualTo(1280);
            assertThat(features.rows()).isEqualTo(COUNT);
            assertThat(features.columns()).isEqualTo(1280);
            for (int i = 0; i < COUNT; i++) {
                float[] row = new float[1280];
                features.getRow(i, row);
                JsonObject expected = reference.get(i).getAsJsonObject();
                JsonArray everyTenth = expected.getAsJsonArray("everyTenth");
                double error = 0;
                double square = 0;
                for (int j = 0; j < everyTenth.size(); j++) {
                    double value = everyTenth.get(j).getAsDouble();
                    error += Math.pow(row[10 * j] - value, 2);
                    square += value * value;
                }
                assertThat(Math.sqrt(error / square)).isLessThan(tolerance);
                double sum = 0;
                double squares = 0;
                double alternating = 0;
                for (int j = 0; j < row.length; j++) {
                    sum += row[j];
                    squares += (double) row[j] * row[j];
                    alternating += j % 2 == 0 ? row[j] : -row[j];
                }
                double mean = sum / row.length;
                double norm = expected.get("norm").getAsDouble();
                assertThat(mean).isCloseTo(expected.get("mean").getAsDouble(), within(tolerance));
                assertThat(Math.sqrt(squares / row.length - mean * mean))
                        .isCloseTo(expected.get("deviation").getAsDouble(), within(tolerance));
                assertThat(Math.sqrt(squares)).isCloseTo(norm, within(tolerance * norm));
                // Errors of random signs have a sum whose standard deviation is their norm, at most tolerance · norm.
                assertThat(alternating)
                        .isCloseTo(expected.get("alternating").getAsDouble(), within(3 * tolerance * norm));
            }
        }
    }

    @Test
    void giveTheSameBitsForAnyNumberOfThreads() throws IOException {
        try (FloatMatrix images = TestImages.matrix(21, 28, 28)) {
            byte[] one = bytes(Encoder.Options.defaults().withThreads(1).withBatchSize(8), images);
            byte[] three = bytes(Encoder.Options.defaults().withThreads(3).withBatchSize(8), images);
            assertThat(three).isEqualTo(one);
        }
    }

    private static byte[] bytes(Encoder.Options options, FloatMatrix images) throws IOException {
        try (Encoder encoder = Encoder.open("imagenet", options);
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {})) {
            return features.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32", "BFLOAT16"})
    void paddingOfTheLastBatchDoesNotChangeTheFeatures(Precision precision) throws IOException {
        Encoder.Options options =
                Encoder.Options.defaults().withPrecision(precision).withBatchSize(8);
        try (Encoder encoder = Encoder.open("imagenet", options);
                FloatMatrix full = TestImages.matrix(16, 28, 28);
                FloatMatrix whole = encoder.encode(full, 28, 28, p -> {});
                FloatMatrix part = encoder.encode(full.rows(0, 11), 28, 28, p -> {})) {
            assertThat(part.rows()).isEqualTo(11);
            MemorySegment first = whole.rows(0, 11).segment();
            assertThat(first.mismatch(part.segment())).isEqualTo(-1);
        }
    }

    @Test
    void autoPicksByProcessorAndReportsProgressFromTheCallersThread() throws IOException {
        List<Encoder.Progress> seen = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (Encoder encoder = Encoder.open("imagenet");
                FloatMatrix images = TestImages.matrix(100, 28, 28);
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {
                    seen.add(p);
                    threads.add(Thread.currentThread());
                })) {
            assertThat(encoder.precision()).isEqualTo(Precision.best());
            assertThat(features.rows()).isEqualTo(100);
        }
        assertThat(seen).last().isEqualTo(new Encoder.Progress(100, 100));
        assertThat(seen).extracting(Encoder.Progress::done).isSorted();
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    private static Encoder open(Precision precision) throws IOException {
        return Encoder.open("imagenet", Encoder.Options.defaults().withPrecision(precision));
    }

    private static JsonArray reference(String stem) throws IOException {
        try (var in = new InputStreamReader(
                EmbeddedEncoderTest.class.getResourceAsStream("features.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject().getAsJsonArray(stem);
        }
    }
}
