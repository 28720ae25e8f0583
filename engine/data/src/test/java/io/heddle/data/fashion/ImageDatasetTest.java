package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImageDatasetTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** One-pixel images whose pixel is their index, so that the origin of each row can be tested. */
    private static ImageDataset dataset(int[] trainLabels, int[] testLabels) {
        return new ImageDataset(
                "numbers",
                numbered(trainLabels.length),
                trainLabels,
                numbered(testLabels.length),
                testLabels,
                1,
                1,
                NAMES);
    }

    private static FloatMatrix numbered(int count) {
        FloatMatrix m = FloatMatrix.allocate(count, 1);
        for (int i = 0; i < count; i++) {
            m.set(i, 0, i);
        }
        return m;
    }

    private static int[] randomLabels(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // Classes of different sizes.
        return IntStream.range(0, count)
                .map(i -> Math.min(random.nextInt(6), 2))
                .toArray();
    }

    private static int[] originOf(FloatMatrix images) {
        return IntStream.range(0, (int) images.rows())
                .map(i -> (int) images.get(i, 0))
                .toArray();
    }

    @Property(tries = 200)
    void aSampleKeepsTheShareOfEachClass(
            @ForAll @IntRange(min = 1, max = 200) int size,
            @ForAll @IntRange(max = 100) int percent,
            @ForAll long seed) {
        int count = Math.max(1, size * percent / 100);
        int[] labels = randomLabels(size, seed);
        try (ImageDataset all = dataset(labels, labels);
                ImageDataset sample = all.sample(count, count, seed)) {
            int[] origin = originOf(sample.trainImages());
            assertThat(origin).hasSize(count).doesNotHaveDuplicates().isSorted();
            for (int i = 0; i < count; i++) {
                assertThat(sample.trainLabels()[i]).isEqualTo(labels[origin[i]]);
            }
            for (int c = 0; c < NAMES.size(); c++) {
                double exact = (double) count * occurrences(labels, c) / size;
                assertThat((double) occurrences(sample.trainLabels(), c))
                        .isBetween(Math.floor(exact), Math.ceil(exact));
                assertThat((double) occurrences(sample.testLabels(), c)).isBetween(Math.floor(exact), Math.ceil(exact));
            }
        }
    }

    private static long occurrences(int[] labels, int label) {
        return IntStream.of(labels).filter(l -> l == label).count();
    }

    @Test
    void theSeedDecidesTheSample() {
        int[] labels = randomLabels(500, 1);
        try (ImageDataset all = dataset(labels, labels);
                ImageDataset one = all.sample(100, 100, 7);
                ImageDataset same = all.sample(100, 100, 7);
                ImageDataset other = all.sample(100, 100, 8)) {
            assertThat(originOf(same.trainImages())).isEqualTo(originOf(one.trainImages()));
            assertThat(originOf(same.testImages())).isEqualTo(originOf(one.testImages()));
            assertThat(originOf(other.trainImages())).isNotEqualTo(originOf(one.trainImages()));
            assertThat(originOf(one.testImages())).isNotEqualTo(originOf(one.trainImages()));
            assertThat(same.sha256()).isEqualTo(one.sha256());
            assertThat(other.sha256()).isNotEqualTo(one.sha256());
        }
    }

    @Test
    void aSampleDrawsEachImageWithEqualProbability() {
        // 7 of 20 in each class: 700 times in 2000 samples, with a deviation of 21.
        int[] labels = IntStream.range(0, 60).map(i -> i % 3).toArray();
        int[] drawn = new int[60];
        try (ImageDataset all = dataset(labels, labels)) {
            for (int seed = 0; seed < 2000; seed++) {
                try (ImageDataset sample = all.sample(21, 1, seed)) {
                    for (int i : originOf(sample.trainImages())) {
                        drawn[i]++;
                    }
                }
            }
        }
        assertThat(IntStream.of(drawn).min().getAsInt()).isGreaterThan(700 - 5 * 21);
        assertThat(IntStream.of(drawn).max().getAsInt()).isLessThan(700 + 5 * 21);
    }

    @Test
    void aSampleOutlivesItsSource() {
        ImageDataset all = dataset(new int[] {0, 1, 2}, new int[] {2, 1});
        try (ImageDataset sample = all.sample(3, 2, 0)) {
            all.close();
            assertThat(sample.trainImages().get(2, 0)).isEqualTo(2);
            assertThat(sample.name()).isEqualTo("numbers");
            assertThat(sample.classNames()).isEqualTo(NAMES);
            assertThatIllegalStateException().isThrownBy(() -> all.trainImages().get(0, 0));
            assertThatIllegalStateException().isThrownBy(() -> all.testImages().get(0, 0));
        }
    }

    @Test
    void refusesInvalidSamples() {
        try (ImageDataset all = dataset(new int[] {0, 1, 2}, new int[] {2, 1})) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> all.sample(4, 1, 0))
                    .withMessage("a sample of 4 training images cannot be drawn from 3");
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> all.sample(1, 0, 0))
                    .withMessage("a sample of 0 test images cannot be drawn from 2");
        }
    }

    @Test
    void refusesPartsOfDifferentShapes() {
        try (FloatMatrix three = numbered(3)) {
            int[] good = {0, 1, 2};
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new ImageDataset("x", three, good, three, new int[] {1}, 1, 1, NAMES))
                    .withMessage("there are 3 test images, but 1 labels");
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new ImageDataset("x", three, new int[] {0, 1, 3}, three, good, 1, 1, NAMES))
                    .withMessage("the training label at index 2 is 3, outside 0 to 2");
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new ImageDataset("x", three, good, three, good, 2, 1, NAMES))
                    .withMessage("training images of 1 columns are not 2 x 1 pixels");
        }
    }
}
