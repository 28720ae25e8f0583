package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many classes, of which some have most of the rows. */
class ManyClassesTest {
    /** −Σ f log f of the class frequencies f: the optimum of a model without weights. */
    private static double entropy(int[] labels) {
        double entropy = 0;
        for (int c = 0; c <= Arrays.stream(labels).max().orElse(0); c++) {
            int own = c;
            double share =
                    (double) Arrays.stream(labels).filter(label -> label == own).count() / labels.length;
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return entropy;
    }

    private static FloatMatrix groups(int[] labels, int columns) {
        return groups(labels, columns, 4, 0);
    }

    private static FloatMatrix groups(int[] labels, int columns, double spread, double offset) {
        SplittableRandom random = new SplittableRandom(1);
        int classes = Arrays.stream(labels).max().orElse(0) + 1;
        double[] center =
                random.doubles((long) classes * columns, -spread, spread).toArray();
        FloatMatrix x = FloatMatrix.allocate(labels.length, columns);
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < columns; j++) {
                x.set(i, j, (float) (offset + center[labels[i] * columns + j] + random.nextGaussian()));
            }
        }
        return x;
    }

    /** Two rows of every class but the first. */
    private static int[] dominated(int classes, double share) {
        int others = 2 * (classes - 1);
        int[] labels = new int[(int) Math.round(others / (1 - share))];
        for (int i = 0; i < others; i++) {
            labels[labels.length - 1 - i] = 1 + i / 2;
        }
        return labels;
    }

    @ParameterizedTest
    @CsvSource({"20, 0.9, 0", "20, 0.95, 0", "30, 0.95, 0", "30, 0.95, 0.5", "60, 0.95, 0.5"})
    void converges(int classes, double share, double l1Ratio) {
        int[] labels = dominated(classes, share);
        Options options = Options.defaults().withLambda(1e-3).withL1Ratio(l1Ratio);
        try (FloatMatrix x = groups(labels, 4);
                LogisticModel model = LogisticRegression.fit(x, labels, options);
                LocalPartitions partitions = halves(x, labels);
                LogisticModel ofPartitions = LogisticRegression.fit(partitions, options, WorkerPool.shared())) {
            for (LogisticModel each : List.of(model, ofPartitions)) {
                assertThat(each.certificate().relative()).isLessThanOrEqualTo(options.tolerance());
                assertThat(each.objective()).isLessThan(entropy(labels));
            }
        }
    }

    /** With few classes none is many times as frequent as the mean. */
    @ParameterizedTest
    @CsvSource({"2, 1, 1e-3, 0.5", "3, 2, 1e-5, 0.5"})
    void aFewRareRowsAreNoHarderThanTheFrequencies(int classes, int rare, double lambda, double l1Ratio) {
        int[] labels = new int[40_000];
        for (int i = 0; i < (classes - 1) * rare; i++) {
            labels[7 * i + 7] = 1 + i / rare;
        }
        Options options = Options.defaults().withLambda(lambda).withL1Ratio(l1Ratio);
        try (FloatMatrix x = groups(labels, 8, 1, 0);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.objective()).isLessThanOrEqualTo(entropy(labels) * (1 + 1e-6));
        }
    }

    /** Saturated probabilities have hardly any curvature, so that the first steps are far too long. */
    @ParameterizedTest
    @CsvSource({"true, 0", "false, 20"})
    void convergesFromEqualProbabilities(boolean intercept, double offset) {
        int[] labels = new int[2000];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 25;
        }
        Options options = Options.defaults().withIntercept(intercept);
        Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, 1);
        try (FloatMatrix x = groups(labels, 8, 1, offset);
                LogisticModel start =
                        LogisticModel.of(FloatMatrix.allocate(25, 8), new float[25], 1, none, false, 0, 0);
                LogisticModel model = intercept
                        ? LogisticRegression.fit(x, labels, options, start, WorkerPool.shared())
                        : LogisticRegression.fit(x, labels, options)) {
            assertThat(model.certificate().relative()).isLessThanOrEqualTo(options.tolerance());
        }
    }

    private static LocalPartitions halves(FloatMatrix x, int[] labels) {
        return new LocalPartitions(
                x, labels, null, new int[] {labels.length / 2, labels.length}, WorkerPool.shared(), 0, 1);
    }

    /** In the last cases no class dominates: half of the classes have three times the rows of the others. */
    @ParameterizedTest
    @CsvSource({"500, 1, 7", "520, 0.5, 7", "520, 1, 260", "520, 0.5, 260", "520, 0, 260"})
    void aStrongPenaltyLeavesTheFrequencies(int classes, double l1Ratio, int frequent) {
        int[] labels = new int[3000];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < classes ? i : (int) (Math.sqrt(i - classes) * i % frequent);
        }
        Options options = Options.defaults().withLambda(50).withL1Ratio(l1Ratio);
        try (FloatMatrix x = groups(labels, 3);
                LogisticModel model = LogisticRegression.fit(x, labels, options)) {
            assertThat(model.objective()).isCloseTo(entropy(labels), within(1e-4));
            assertThat(model.certificate().relative()).isLessThanOrEqualTo(options.tolerance());
        }
    }
}
