package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains networks of a few hundred weights. */
@Tag("slow")
class EncoderTrainingTest {
    private static final int IMAGES = 96;
    private static final int SIDE = 28;
    private static final TrainingOptions CONTRAST = TrainingOptions.defaults()
            .withTeaching(new TrainingOptions.Teaching(Optional.empty(), 1, 128, 0, false))
            .withContrastWeight(1)
            .withLayers("8@3/2 16@3/2")
            .withSchedule(new TrainingOptions.Schedule(4, 32, 0.01));

    @TempDir
    private Path folder;

    private FloatMatrix images;

    @BeforeEach
    void draw() {
        images = textures();
    }

    @AfterEach
    void close() {
        images.close();
    }

    /** Eight kinds of patterns, which are visible in each view of an image. */
    private static FloatMatrix textures() {
        FloatMatrix textures = FloatMatrix.allocate(IMAGES, SIDE * SIDE);
        for (int i = 0; i < IMAGES; i++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    boolean bright =
                            switch (i % 8) {
                                case 0 -> true;
                                case 1 -> (x + i) / 3 % 2 == 0;
                                case 2 -> (y + i) / 3 % 2 == 0;
                                case 3 -> (x + y + i) / 4 % 2 == 0;
                                case 4 -> (x / 4 + y / 4) % 2 == 0;
                                case 5 -> (x + i) % 7 == 0 && y % 7 == 0;
                                case 6 -> x + y > SIDE - 8 + i % 16;
                                default -> (x - 14) * (x - 14) + (y - 14) * (y - 14) < 36 + i;
                            };
                    textures.set(i, y * SIDE + x, bright ? 0.9f : 0.1f);
                }
            }
        }
        return textures;
    }

    private Path train(
            String name,
            TrainingOptions options,
            int threads,
            boolean resume,
            Consumer<EncoderTraining.Progress> progress)
            throws IOException {
        Path target = folder.resolve(name);
        try (WorkerPool pool = WorkerPool.of(threads)) {
            EncoderTraining.train(images, 28, 28, options, target, resume, Map.of("heddle", "test"), pool, progress);
        }
        return target;
    }

    private Path train(String name, TrainingOptions options) throws IOException {
        return train(name, options, 2, false, p -> {});
    }

    @Test
    void learnsToDistinguishViewsAndRecordsItsOrigin() throws IOException {
        List<Double> losses = new ArrayList<>();
        Path file = train(
                "own.safetensors", CONTRAST.withSchedule(new TrainingOptions.Schedule(12, 32, 0.01)), 2, false, p -> {
                    if (p.done() == p.total()) {
                        losses.add(p.contrast());
                    }
                });
        assertThat(losses).hasSize(12);
        assertThat(losses.getLast()).isLessThan(0.85 * losses.getFirst());
        try (Encoder encoder = Encoder.open(file.toString());
                FloatMatrix features = encoder.encode(images, 28, 28, p -> {})) {
            assertThat(encoder.inputSize()).isEqualTo(28);
            assertThat(features.columns()).isEqualTo(16);
            assertThat(encoder.provenance())
                    .containsEntry("layers", "8@3/2 16@3/2")
                    .containsEntry("seed", "0")
                    .containsEntry("images", "96")
                    .containsEntry("heddle", "test")
                    .containsKeys("dataSha256", "pytorch", "java", "trainingPrecision");
            assertThat(features.get(0, 0)).isNotEqualTo(features.get(1, 0));
        }
        assertThat(folder).isDirectoryNotContaining(f -> !f.equals(file));
    }

    private static TrainingOptions taughtBy(Path teacher, int components, int smoothing, boolean augment) {
        return CONTRAST.withContrastWeight(0)
                .withTeaching(new TrainingOptions.Teaching(
                        Optional.of(teacher.toString()), 1, components, smoothing, augment));
    }

    @Test
    void learnsFromATeacher() throws IOException {
        Path teacher = train("teacher.safetensors", CONTRAST);
        List<EncoderTraining.Progress> ends = new ArrayList<>();
        TrainingOptions options = taughtBy(teacher, 128, 0, false)
                .withLayers("12@5/2 8@3/2")
                .withSchedule(new TrainingOptions.Schedule(20, 32, 0.01));
        Path student = train("student.safetensors", options, 2, false, p -> {
            if (p.epoch() >= 0 && p.done() == p.total()) {
                ends.add(p);
            }
        });
        assertThat(ends.getLast().distillation())
                .isLessThan(0.6 * ends.getFirst().distillation());
        try (Encoder encoder = Encoder.open(student.toString());
                Encoder of = Encoder.open(teacher.toString())) {
            assertThat(encoder.provenance())
                    .containsEntry("teacher", "teacher.safetensors")
                    .containsEntry("teacherSha256", of.sha256());
        }
    }

    @Test
    void learnsSmoothedRowsFromShiftedImages() throws IOException {
        Path teacher = train("teacher.safetensors", CONTRAST);
        TrainingOptions.Schedule schedule = new TrainingOptions.Schedule(12, 32, 0.01);
        TrainingOptions plain = taughtBy(teacher, 6, 0, false).withSchedule(schedule);
        TrainingOptions smooth = taughtBy(teacher, 6, 8, true).withSchedule(schedule);
        byte[] one = Files.readAllBytes(train("one", smooth, 1, false, p -> {}));
        byte[] three = Files.readAllBytes(train("one", smooth, 3, false, p -> {}));
        assertThat(three).isEqualTo(one);
        try (Encoder encoder = Encoder.open(folder.resolve("one").toString());
                Encoder other = Encoder.open(train("other", plain).toString())) {
            assertThat(encoder.provenance())
                    .containsEntry("components", "6")
                    .containsEntry("smoothing", "8")
                    .containsEntry("augment", "true");
            assertThat(other.provenance()).containsEntry("smoothing", "0").containsEntry("augment", "false");
            assertThat(differenceOfMirrorImages(encoder)).isLessThan(0.8 * differenceOfMirrorImages(other));
        }
    }

    /** How far the features of a mirror image lie from those of its image, relative to their variance. */
    private double differenceOfMirrorImages(Encoder encoder) {
        try (WorkerPool pool = WorkerPool.of(1);
                FloatMatrix mirrored = TeacherTargets.mirrored(images, SIDE, SIDE, pool);
                FloatMatrix a = encoder.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix b = encoder.encode(mirrored, SIDE, SIDE, p -> {})) {
            double difference = 0;
            double variance = 0;
            for (int j = 0; j < a.columns(); j++) {
                double mean = 0;
                for (int i = 0; i < IMAGES; i++) {
                    mean += a.get(i, j) / IMAGES;
                }
                for (int i = 0; i < IMAGES; i++) {
                    difference += Math.pow(a.get(i, j) - b.get(i, j), 2);
                    variance += Math.pow(a.get(i, j) - mean, 2);
                }
            }
            return difference / variance;
        }
    }

    @Test
    void givesTheSameFileForAnyNumberOfThreads() throws IOException {
        byte[] one = Files.readAllBytes(train("one", CONTRAST, 1, false, p -> {}));
        byte[] three = Files.readAllBytes(train("one", CONTRAST, 3, false, p -> {}));
        byte[] other = Files.readAllBytes(train("one", CONTRAST.withSeed(1), 3, false, p -> {}));
        assertThat(three).isEqualTo(one);
        assertThat(other).isNotEqualTo(one);
    }

    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void interruptInEpoch(String name, int epoch) {
        assertThatThrownBy(() -> train(name, CONTRAST, 2, false, p -> {
                    if (p.epoch() == epoch) {
                        throw new Interruption();
                    }
                }))
                .isInstanceOf(Interruption.class);
    }

    @Test
    void continuesFromTheLastCompleteCheckpoint() throws IOException {
        byte[] whole = Files.readAllBytes(train("whole", CONTRAST.withSeed(3)));
        Path target = folder.resolve("whole");
        Files.delete(target);
        interruptInEpoch("other", 0);
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> train("whole", CONTRAST.withSeed(3), 2, false, p -> {
                    if (p.epoch() == 2) {
                        throw new Interruption();
                    }
                }))
                .isInstanceOf(Interruption.class);
        Path checkpoint = EncoderTraining.checkpointOf(target);
        assertThat(folder).isDirectoryNotContaining(f -> !f.equals(checkpoint));
        List<Integer> epochs = new ArrayList<>();
        train("whole", CONTRAST.withSeed(3), 1, true, p -> epochs.add(p.epoch()));
        assertThat(epochs).startsWith(2).doesNotContain(0, 1);
        assertThat(Files.readAllBytes(target)).isEqualTo(whole);
        assertThat(checkpoint).doesNotExist();
    }

    @Test
    void computesTheTeacherFeaturesOnce() throws IOException {
        Path teacher = train("teacher.safetensors", CONTRAST.withSchedule(new TrainingOptions.Schedule(1, 32, 0.01)));
        TrainingOptions options = taughtBy(teacher, 128, 0, false);
        byte[] whole = Files.readAllBytes(train("net", options));
        Path cache = folder.resolve("net.teacher");
        assertThat(cache).doesNotExist();
        Files.delete(folder.resolve("net"));
        assertThatThrownBy(() -> train("net", options, 2, false, p -> {
                    if (p.epoch() == 1) {
                        throw new Interruption();
                    }
                }))
                .isInstanceOf(Interruption.class);
        assertThat(cache).exists();
        byte[] said = Files.readAllBytes(cache);

        List<Integer> epochs = new ArrayList<>();
        train("net", options, 2, true, p -> epochs.add(p.epoch()));
        assertThat(epochs).startsWith(1).doesNotContain(-1);
        assertThat(folder.resolve("net")).hasBinaryContent(whole);
        assertThat(cache).doesNotExist();

        // Features of another seed or a truncated file are computed again.
        for (byte[] other : List.of(said, Arrays.copyOf(said, said.length - 1))) {
            Files.write(cache, other);
            epochs.clear();
            train("net", options.withSeed(other == said ? 5 : 0), 2, false, p -> epochs.add(p.epoch()));
            assertThat(epochs).startsWith(-1);
        }
    }

    @Test
    void refusesACheckpointThatDoesNotFit() throws IOException {
        Path checkpoint = EncoderTraining.checkpointOf(folder.resolve("net"));
        assertThatThrownBy(() -> train("net", CONTRAST, 1, true, p -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is no checkpoint %s to continue from", checkpoint);
        interruptInEpoch("net", 1);
        assertThatThrownBy(() -> train("net", CONTRAST.withSeed(9), 1, true, p -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("%s is of another training: its seed is 0, not 9", checkpoint);
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> train("net", CONTRAST, 1, true, p -> {}))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(
                        "%s is cut short: the tensor optimizer.variance ends at byte".formatted(checkpoint));
        Files.write(checkpoint, new byte[100]);
        assertThatThrownBy(() -> train("net", CONTRAST, 1, true, p -> {}))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("%s is not a safetensors file", checkpoint);
        Path encoder = train("net", CONTRAST);
        Files.move(encoder, checkpoint);
        assertThatThrownBy(() -> train("net", CONTRAST, 1, true, p -> {}))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("%s is not a checkpoint of a training", checkpoint);
    }

    @Test
    void refusesInvalidTrainingData() {
        assertThatThrownBy(() -> train("missing/net", CONTRAST))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("is not a writable folder");
        assertThatThrownBy(() -> train("", CONTRAST))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("is a folder, not a file to write the encoder to");
        assertThatThrownBy(() -> train("net", CONTRAST.withContrastWeight(0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a training needs a teacher or a contrastive loss");
        images.set(5, 7, Float.NaN);
        assertThatThrownBy(() -> train("net", CONTRAST))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("pixel 7 of image 5 is NaN, not between 0 and 1");
        try (FloatMatrix few = TestImages.matrix(7, 28, 28);
                FloatMatrix flat = TestImages.matrix(8, 14, 28)) {
            assertThatThrownBy(() -> EncoderTraining.train(
                            few,
                            28,
                            28,
                            CONTRAST,
                            folder.resolve("net"),
                            false,
                            Map.of(),
                            WorkerPool.shared(),
                            p -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("an encoder is trained on at least 8 images, not 7");
            assertThatThrownBy(() -> EncoderTraining.train(
                            flat,
                            14,
                            28,
                            CONTRAST,
                            folder.resolve("net"),
                            false,
                            Map.of(),
                            WorkerPool.shared(),
                            p -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("an encoder is trained on square images, not on 14 x 28 pixels");
        }
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> CONTRAST.withContrastWeight(Double.NaN))
                .hasMessage("the weight of contrast must be 0 to 1000, not NaN");
        assertThatThrownBy(() -> CONTRAST.withSchedule(new TrainingOptions.Schedule(0, 32, 0.1)))
                .hasMessage("epochs: 1 to 10000, not 0");
        assertThatThrownBy(() -> CONTRAST.withSchedule(new TrainingOptions.Schedule(1, 32, 2)))
                .hasMessage("the learning rate must be above 0 and at most 1.0, not 2.0");
        assertThatThrownBy(() -> CONTRAST.withLayers("8@4")).hasMessage("the kernel of the layer 8@4 is not odd");
        assertThatThrownBy(() -> CONTRAST.withLayers("8x3"))
                .hasMessage("\"8x3\" is not a layer: channels@kernel, or channels@kernel/stride, such as 64@3/2");
    }

    @Test
    void refusesBrokenEncoders() throws IOException {
        Path file = train("net.safetensors", CONTRAST.withSchedule(new TrainingOptions.Schedule(1, 32, 0.01)));
        NamedTensors whole = NamedTensors.parse(Files.readAllBytes(file), "net");

        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Encoder.open(file.toString()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith("%s is cut short".formatted(file));

        whole.tensors().get("layers.1.weight").values()[3] = Float.NaN;
        whole.write(file);
        assertThatThrownBy(() -> Encoder.open(file.toString()))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("the encoder %s holds NaN as number 3 of layers.1.weight", file);

        whole.metadata().put("layers", "8@3/2 16@5/2");
        whole.write(file);
        assertThatThrownBy(() -> Encoder.open(file.toString()))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("the encoder %s has layers.1.weight of the shape [16, 8, 3, 3], not [16, 8, 5, 5]", file);

        whole.metadata().put("inputSize", "0");
        whole.write(file);
        assertThatThrownBy(() -> Encoder.open(file.toString()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("is 0, not a whole number from 1 to 4096");

        whole.metadata().remove("format");
        whole.write(file);
        assertThatThrownBy(() -> Encoder.open(file.toString()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("its header does not say \"format\": \"heddle-encoder-1\"");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void bothPrecisionsGiveAlmostTheSameFeatures() throws IOException {
        Path file = train("net.safetensors", CONTRAST);
        Encoder.Options options = Encoder.Options.defaults();
        try (Encoder exact = Encoder.open(file.toString(), options.withPrecision(Precision.FLOAT32));
                Encoder half = Encoder.open(file.toString(), options.withPrecision(Precision.BFLOAT16));
                FloatMatrix a = exact.encode(images, 28, 28, p -> {});
                FloatMatrix b = half.encode(images, 28, 28, p -> {})) {
            double difference = 0;
            double square = 0;
            for (long i = 0; i < a.rows(); i++) {
                for (int j = 0; j < a.columns(); j++) {
                    difference += Math.pow(a.get(i, j) - b.get(i, j), 2);
                    square += Math.pow(a.get(i, j), 2);
                }
            }
            assertThat(Math.sqrt(difference / square)).isBetween(1e-6, 0.02);
        }
    }
}
