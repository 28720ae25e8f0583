package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.consensus.NeighborClustering.Head;
import io.heddle.cluster.consensus.NeighborClustering.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Epochs, probabilities, losses and gradients of a head against plain loops. */
class HeadTrainingTest {
    /** More than a block of predictions. */
    private static final int ROWS = 300;

    private static final int COLUMNS = 4;
    private static final int CLUSTERS = 3;
    private static final int COUNT = 2;
    private static final int NUMBER = 5;

    private final SplittableRandom random = new SplittableRandom(2);
    private final FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS);
    private final int[] neighbors = random.ints(ROWS * COUNT, 0, ROWS).toArray();
    private final Options options = Options.defaults()
            .withClusters(CLUSTERS)
            .withSeed(3)
            .withHead(Head.defaults().withHidden(7).withBatchSize(130).withEntropyWeight(2));

    @BeforeEach
    void fill() {
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, j == COLUMNS - 1 ? 1 : (float) random.nextGaussian());
            }
        }
    }

    @AfterEach
    void free() {
        x.close();
    }

    private HeadScratch scratch(int batch) {
        return new HeadScratch(HeadScratch.batch(batch), COLUMNS, 7, CLUSTERS);
    }

    private FloatMatrix shares() {
        FloatMatrix shares = FloatMatrix.allocate(ROWS, CLUSTERS);
        for (int i = 0; i < ROWS; i++) {
            double first = random.nextDouble();
            double second = random.nextDouble(1 - first);
            shares.set(i, 0, (float) first);
            shares.set(i, 1, (float) second);
            shares.set(i, 2, (float) (1 - first - second));
        }
        return shares;
    }

    private static void assertSameWeights(ConsistencyHead found, ConsistencyHead expected) {
        assertThat(HeadReference.toDoubles(found.hidden.value))
                .isDeepEqualTo(HeadReference.toDoubles(expected.hidden.value));
        assertThat(HeadReference.toDoubles(found.output.value))
                .isDeepEqualTo(HeadReference.toDoubles(expected.output.value));
        assertThat(HeadReference.toDoubles(found.bias.value))
                .isDeepEqualTo(HeadReference.toDoubles(expected.bias.value));
    }

    private RandomGenerator generator() {
        return RandomGeneratorFactory.of(KMeans.RANDOM).create(3 * 0x9E3779B97F4A7C15L + NUMBER);
    }

    /** The Fisher-Yates shuffle that inserts each number at a random place. */
    private static int[] shuffled(RandomGenerator random) {
        int[] order = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** Batches of at most 130 of 300 rows: three of 100. */
    @Test
    void epochsPairEachRowWithANeighbour() {
        RandomGenerator same = generator();
        Head settings = options.head();
        try (HeadTraining tested = new HeadTraining(NUMBER, COLUMNS, options);
                ConsistencyHead head = new ConsistencyHead(COLUMNS, 7, CLUSTERS, same);
                FloatMatrix shares = shares();
                HeadScratch scratch = scratch(130)) {
            assertThat(tested.number()).isEqualTo(NUMBER);
            assertThat(tested.loss()).isEqualTo(Double.POSITIVE_INFINITY);
            assertSameWeights(tested.head, head);
            for (int epoch = 0; epoch < 2; epoch++) {
                tested.epoch(x, neighbors, COUNT, settings, scratch);
                int[] anchors = shuffled(same);
                assertThat(anchors).doesNotHaveDuplicates();
                int[] partners = new int[ROWS];
                for (int i = 0; i < ROWS; i++) {
                    partners[i] = neighbors[anchors[i] * COUNT + same.nextInt(COUNT)];
                }
                for (int from = 0; from < ROWS; from += 100) {
                    head.accumulate(x, anchors, partners, from, from + 100, 2, scratch);
                    head.step(settings.learningRate(), settings.weightDecay());
                }
                assertSameWeights(tested.head, head);
            }
            tested.imitate(x, shares, settings, scratch);
            int[] order = shuffled(same);
            for (int from = 0; from < ROWS; from += 100) {
                head.imitate(x, order, from, from + 100, shares, scratch);
                head.step(settings.learningRate(), settings.weightDecay());
            }
            assertSameWeights(tested.head, head);
            tested.close();
            assertThat(OpenMemory.of(tested)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void headsDifferByNumberAndSeed(long seed) {
        try (HeadTraining one = new HeadTraining(0, COLUMNS, options.withSeed(seed));
                HeadTraining other = new HeadTraining(1, COLUMNS, options.withSeed(seed));
                HeadTraining third = new HeadTraining(0, COLUMNS, options.withSeed(seed + 1))) {
            float first = one.head.output.value.get(0, 0);
            assertThat(other.head.output.value.get(0, 0)).isNotEqualTo(first);
            assertThat(third.head.output.value.get(0, 0)).isNotEqualTo(first);
            // Uniform within 1 / √columns of the layer's input; the constant does not count.
            for (int h = 0; h < 7; h++) {
                assertThat(Math.abs(one.head.hidden.value.get(0, h))).isLessThan((float) (1 / Math.sqrt(3)));
                assertThat(Math.abs(one.head.output.value.get(0, h))).isLessThan((float) (1 / Math.sqrt(7)));
            }
            for (int k = 0; k < CLUSTERS; k++) {
                assertThat(Math.abs(one.head.bias.value.get(0, k))).isLessThan((float) (1 / Math.sqrt(7)));
            }
        }
    }

    @Test
    void theLossIsThatOfAllPairs() {
        try (HeadTraining tested = new HeadTraining(NUMBER, COLUMNS, options);
                FloatMatrix out = FloatMatrix.allocate(ROWS, CLUSTERS);
                HeadScratch scratch = scratch(130)) {
            for (int pass = 0; pass < 2; pass++) {
                tested.evaluate(x, neighbors, COUNT, 2, scratch, out);
                HeadReference expected = new HeadReference(tested.head);
                double[][] rows = HeadReference.toDoubles(x);
                assertThat(tested.loss()).isCloseTo(expected.loss(rows, neighbors, COUNT, 2), within(1e-5));
                for (int i = 0; i < ROWS; i++) {
                    double[] p = expected.probabilities(rows[i]);
                    for (int k = 0; k < CLUSTERS; k++) {
                        assertThat((double) out.get(i, k)).isCloseTo(p[k], within(1e-6));
                    }
                }
                tested.epoch(x, neighbors, COUNT, options.head(), scratch);
            }
        }
    }

    /** Batches of one, of a padded number, and of more than a block. */
    @ParameterizedTest
    @ValueSource(ints = {1, 21, 290})
    void imitationHasTheGradientOfTheCrossEntropy(int batch) {
        int[] chosen = random.ints(ROWS, 0, ROWS).toArray();
        try (ConsistencyHead head = new ConsistencyHead(COLUMNS, 7, CLUSTERS, random);
                FloatMatrix shares = shares();
                HeadScratch scratch = scratch(290)) {
            HeadReference expected = new HeadReference(head);
            double[][] rows = HeadReference.toDoubles(x);
            // Leftovers of a larger batch must not count.
            head.imitate(x, chosen, 0, 290, shares, scratch);
            head.step(1e-30, 0);
            head.imitate(x, chosen, 5, 5 + batch, shares, scratch);
            double[] bias = new double[CLUSTERS];
            double[][] output = new double[CLUSTERS][7];
            double[][] hidden = new double[COLUMNS][7];
            for (int i = 5; i < 5 + batch; i++) {
                double[] row = rows[chosen[i]];
                double[] p = expected.probabilities(row);
                double[] units = expected.units(row);
                for (int k = 0; k < CLUSTERS; k++) {
                    double g = (p[k] - shares.get(chosen[i], k)) / batch;
                    bias[k] += g;
                    for (int h = 0; h < 7; h++) {
                        output[k][h] += g * units[h];
                        for (int j = 0; j < COLUMNS && units[h] > 0; j++) {
                            hidden[j][h] += g * expected.output[k][h] * row[j];
                        }
                    }
                }
            }
            assertClose(head.bias.gradient, new double[][] {bias});
            assertClose(head.output.gradient, output);
            assertClose(head.hidden.gradient, hidden);
        }
    }

    private static void assertClose(FloatMatrix found, double[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                assertThat((double) found.get(i, j)).isCloseTo(expected[i][j], within(1e-6));
            }
        }
    }

    /** A part of the rows into a part of the output. */
    @Test
    void probabilitiesOfABlockAreWrittenFromARowOn() {
        try (ConsistencyHead head = new ConsistencyHead(COLUMNS, 7, CLUSTERS, random);
                FloatMatrix out = FloatMatrix.allocate(60, CLUSTERS);
                HeadScratch scratch = new HeadScratch(0, COLUMNS, 7, CLUSTERS)) {
            head.prepare(scratch);
            head.forward(x, 40, 77, scratch, out, 9);
            HeadReference expected = new HeadReference(head);
            double[][] rows = HeadReference.toDoubles(x);
            for (int i = 0; i < 60; i++) {
                for (int k = 0; k < CLUSTERS; k++) {
                    double p = i < 9 || i >= 46 ? 0 : expected.probabilities(rows[31 + i])[k];
                    assertThat((double) out.get(i, k)).isCloseTo(p, within(1e-6));
                }
            }
            head.finish();
            assertThat(OpenMemory.of(head))
                    .containsExactlyInAnyOrder("hidden.value.segment", "output.value.segment", "bias.value.segment");
            head.close();
            assertThat(OpenMemory.of(head)).isEmpty();
        }
    }

    /** Products of many agreements underflow; each is at least 1e-30. */
    @Test
    void logarithmsOfSmallAgreementsAreExact() {
        float[] agreements = new float[200];
        double expected = 0;
        for (int i = 0; i < 190; i++) {
            agreements[i] = i % 3 == 0 ? 0 : (float) Math.pow(10, -(i % 29));
            expected -= Math.log(Math.max(agreements[i], 1e-30));
        }
        assertThat(ConsistencyHead.disagreement(agreements, 190)).isCloseTo(expected, within(1e-9 * expected));
        assertThat(ConsistencyHead.disagreement(agreements, 0)).isZero();
    }

    @Test
    void theEntropyIsThatOfTheMeans() {
        double[] sums = {6, 0, 2};
        double expected = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
        assertThat(ConsistencyHead.entropy(sums, 8)).isCloseTo(expected, within(1e-12));
        assertThat(sums).containsExactly(0.75, 1e-30, 0.25);
    }

    @Test
    void anInterruptedThreadStopsTraining() {
        try (HeadTraining tested = new HeadTraining(NUMBER, COLUMNS, options);
                FloatMatrix shares = shares();
                FloatMatrix out = FloatMatrix.allocate(ROWS, CLUSTERS);
                HeadScratch scratch = scratch(130)) {
            Runnable[] works = {
                () -> tested.epoch(x, neighbors, COUNT, options.head(), scratch),
                () -> tested.imitate(x, shares, options.head(), scratch),
                () -> tested.evaluate(x, neighbors, COUNT, 2, scratch, out)
            };
            for (Runnable work : works) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(work::run).isInstanceOf(CancellationException.class);
                Thread.interrupted();
            }
        }
    }
}
