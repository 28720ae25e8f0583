package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of a fit to partitions against plain sums over all rows. */
class PartitionSumsTest {
    private static final int ROWS = 50;
    private static final int COLUMNS = 3;
    private static final int CLASSES = 3;
    /** An empty partition at the start and one within. */
    private static final int[] ENDS = {0, 12, 13, 13, 40, ROWS};

    private SmallRows small;

    @BeforeEach
    void setUp() {
        small = new SmallRows(ROWS, COLUMNS, CLASSES, Scaling.STANDARDIZE, true, true);
    }

    @AfterEach
    void tearDown() {
        small.close();
    }

    /** Blocks of at most 9 rows. */
    private LocalPartitions partitions(double[] weights) {
        return new LocalPartitions(small.x, small.rows.labels(), weights, ENDS, 9, SmallRows.POOL, 0, 1);
    }

    private PartitionSetup setup(double[] factors) {
        FeatureTransform t = small.rows.transform();
        return new PartitionSetup(UUID.randomUUID(), CLASSES, ROWS, factors, t.shift(), t.scale(), t.constant());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachSumIsThatOfAllRows(boolean exact) {
        double bound = exact ? 1e-13 : 2e-6;
        double[] factors = {1, 1, 1};
        PartitionSetup setup = setup(factors);
        assertThat(setup.width()).isEqualTo(COLUMNS + 1);
        assertThat(setup.size()).isEqualTo(small.size());
        double[] w = small.point(0.5);
        double[] d = small.point(0.5);
        double[] out = new double[w.length];
        double[] moved = w.clone();
        for (int i = 0; i < w.length; i++) {
            moved[i] += 0.25 * d[i];
        }
        PlainSums at = new PlainSums(small.rows, w, 0.75);
        PlainSums ahead = new PlainSums(small.rows, moved, 1);
        try (LocalPartitions partitions = partitions(small.rows.weights());
                PartitionedLoss loss = new PartitionedLoss(
                        partitions, setup, small.rows.classWeights(), exact, small.rows, SmallRows.POOL)) {
            assertThat(loss.rows()).isEqualTo(ROWS);
            assertThat(loss.classes()).isEqualTo(CLASSES);
            assertThat(loss.width()).isEqualTo(COLUMNS + 1);
            assertThat(loss.exact()).isEqualTo(exact);
            assertThat(loss.rounding()).isBetween(exact ? 1e-16 : 1e-9, exact ? 1e-14 : 1e-7);
            assertThat(loss.maximumDense() > 0).isEqualTo(exact);
            assertThat(loss.evaluate(w, out)).isCloseTo(at.loss(), within(bound));
            assertThat(out).containsExactly(at.gradient(), within(bound));
            assertThat(loss.passes()).isEqualTo(1);
            assertThat(partitions.tasks()).isEqualTo(1);
            Arrays.fill(out, 0);
            assertThat(loss.evaluate(w.clone(), out)).isCloseTo(at.loss(), within(bound));
            assertThat(out).containsExactly(at.gradient(), within(bound));
            assertThat(partitions.tasks()).as("the same point").isEqualTo(1);
            loss.hessianProduct(d, out);
            assertThat(out).containsExactly(PlainSums.times(at.hessian(), d), within(bound));
            assertThat(loss.passes()).isEqualTo(2);
            assertThat(loss.meanNegativeEntropy(0.75)).isCloseTo(at.entropy(), within(bound));
            double[][] curvature = loss.meanCurvature();
            for (int c = 0; c < CLASSES; c++) {
                assertThat(curvature[c]).containsExactly(at.curvature()[c], within(bound));
            }
            RowLoss rows = loss.curvatureRows();
            float[] p = new float[CLASSES];
            rows.probabilities(7, p);
            assertThat((double) p[1]).isCloseTo(at.probabilities(7, w)[1], within(1e-6));
            int passes = rows.passes();
            loss.curvatureRows();
            assertThat(rows.passes()).as("at the same point").isEqualTo(passes);
            if (exact) {
                double[] hessian = new double[w.length * w.length];
                loss.hessian(hessian);
                for (int i = 0; i < w.length; i++) {
                    double[] row = Arrays.copyOfRange(hessian, i * w.length, (i + 1) * w.length);
                    assertThat(row).containsExactly(at.hessian()[i], within(bound));
                }
            }
            int tasks = partitions.tasks();
            loss.setDirection(d);
            assertThat(loss.lossAlong(0.25)).isCloseTo(ahead.loss(), within(bound));
            assertThat(loss.lossAlong(0.25)).isCloseTo(ahead.loss(), within(bound));
            assertThat(partitions.tasks() - tasks).as("the same step").isEqualTo(1);
            assertThat(loss.lossAlong(0)).isCloseTo(at.loss(), within(bound));
            assertThat(loss.advance(0.25, out)).isCloseTo(ahead.loss(), within(bound));
            assertThat(out).containsExactly(ahead.gradient(), within(bound));
            assertThat(partitions.tasks() - tasks).isEqualTo(3);
            assertThat(loss.passes()).isEqualTo(5);
            loss.curvatureRows().probabilities(7, p);
            assertThat((double) p[1]).isCloseTo(ahead.probabilities(7, moved)[1], within(1e-6));
            assertThat(loss.meanNegativeEntropy(1)).isCloseTo(ahead.entropy(), within(bound));
            // A new direction from the new point.
            loss.setDirection(w);
            double[] third = moved.clone();
            for (int i = 0; i < w.length; i++) {
                third[i] += 0.25 * w[i];
            }
            assertThat(loss.advance(0.25, out)).isCloseTo(new PlainSums(small.rows, third, 1).loss(), within(bound));
        }
    }

    /** Without weights, and with factors of classes. */
    @Test
    void factorsOfClassesMultiplyTheRowWeights() {
        double[] factors = {0.5, 2, 1.25};
        RowPartition.Block block = new RowPartition.Block(small.x, small.rows.labels(), small.rows.weights());
        RowPartition.Block alike = new RowPartition.Block(small.x, small.rows.labels(), null);
        double[] both = setup(factors).weights(block);
        double[] own = setup(factors).weights(alike);
        for (int i = 0; i < ROWS; i++) {
            double factor = factors[small.rows.labels()[i]];
            assertThat(both[i]).isEqualTo(small.rows.weights()[i] * factor);
            assertThat(own[i]).isEqualTo(factor);
        }
        assertThat(setup(null).weights(block)).isNull();
        TrainingRows rows = setup(factors).rows(block);
        assertThat(rows.weights()).isEqualTo(both);
        assertThat(rows.total()).isEqualTo(ROWS);
        assertThat(rows.classes()).isEqualTo(CLASSES);
        assertThat(rows.x()).isSameAs(small.x);
        assertThat(rows.transform().shift()).isEqualTo(small.rows.transform().shift());
        assertThat(rows.transform().scale()).isEqualTo(small.rows.transform().scale());
        assertThat(rows.transform().constant()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSurveyHasShapesClassesAndMeans(boolean weighted) {
        double[] weights = weighted ? small.rows.weights() : null;
        try (LocalPartitions partitions = partitions(weights)) {
            PartitionSurvey survey = PartitionSurvey.of(partitions);
            assertThat(survey.rows()).containsExactly(0, 12, 1, 0, 27, 10);
            assertThat(survey.total()).isEqualTo(ROWS);
            assertThat(survey.columns()).isEqualTo(COLUMNS);
            assertThat(survey.classes()).isEqualTo(CLASSES);
            assertThat(survey.weighted()).isEqualTo(weighted);
            double[] totals = new double[CLASSES];
            double[] means = new double[COLUMNS];
            for (int i = 0; i < ROWS; i++) {
                totals[small.rows.labels()[i]] += weighted ? weights[i] : 1;
                for (int j = 0; j < COLUMNS; j++) {
                    means[j] += (double) small.x.get(i, j) / ROWS;
                }
            }
            assertThat(survey.classTotals()).containsExactly(totals, within(1e-12));
            assertThat(survey.means()).containsExactly(means, within(1e-12));
        }
    }

    /** Constant columns have a deviation of 0; a column that differs only in rows of weight 0 is constant. */
    @Test
    void deviationsAreWeightedAndZeroForConstantColumns() {
        double[] weights = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            weights[i] = i % 5 == 0 ? 0 : 1 + i % 3;
            small.x.set(i, 0, 7.1f);
            small.x.set(i, 1, i % 5 == 0 ? 100 : -3.3f);
        }
        double sum = 0;
        double total = 0;
        double[] means = {7.1f, -3.3f, 0.4};
        for (int i = 0; i < ROWS; i++) {
            total += weights[i];
            sum += weights[i] * small.x.get(i, 2);
        }
        double squares = 0;
        for (int i = 0; i < ROWS; i++) {
            squares += weights[i] * Math.pow(small.x.get(i, 2) - sum / total, 2);
        }
        try (LocalPartitions partitions = partitions(weights)) {
            double[] deviations = PartitionDeviations.of(partitions, means);
            assertThat(deviations[0]).isZero();
            assertThat(deviations[1]).isZero();
            assertThat(deviations[2]).isCloseTo(Math.sqrt(squares / total), within(1e-9));
            assertThat(partitions.tasks()).isEqualTo(2);
        }
        try (LocalPartitions partitions = partitions(null)) {
            assertThat(PartitionDeviations.of(partitions, means)[1]).isPositive();
        }
    }

    /** A spread that only floats near the mean show, and one whose squares underflow. */
    @Test
    void deviationsOfNearlyConstantColumnsArePositive() {
        for (int i = 0; i < ROWS; i++) {
            small.x.set(i, 0, i == 20 ? Math.nextUp(1e6f) : 1e6f);
            small.x.set(i, 1, i == 45 ? Float.MIN_VALUE : 0);
            small.x.set(i, 2, i % 2 == 0 ? 1 : -1);
        }
        try (LocalPartitions partitions = partitions(null)) {
            double[] deviations = PartitionDeviations.of(partitions, new double[] {1e6, 0, 0});
            assertThat(deviations[0]).isCloseTo(0.0625 * Math.sqrt(49) / 50, within(1e-9));
            assertThat(deviations[1]).isBetween(1e-48, 1e-44);
            assertThat(deviations[2]).isEqualTo(1);
        }
    }

    /** Without doubtful columns one task is enough. */
    @Test
    void oneTaskForColumnsThatVary() {
        try (LocalPartitions partitions = partitions(null)) {
            PartitionDeviations.of(partitions, PartitionSurvey.of(partitions).means());
            assertThat(partitions.tasks()).isEqualTo(2);
        }
    }

    @Test
    void aSampleOfAllRowsHasThemInOrder() {
        double[] factors = {0.5, 2, 1.25};
        double[] weights = small.rows.weights();
        try (LocalPartitions partitions = partitions(weights)) {
            PartitionSurvey survey = PartitionSurvey.of(partitions);
            TrainingRows sample = PartitionSample.draw(partitions, survey, setup(factors), small.rows.transform(), 3);
            try (FloatMatrix x = (FloatMatrix) sample.x()) {
                assertThat(sample.labels()).isEqualTo(small.rows.labels());
                assertThat(sample.classes()).isEqualTo(CLASSES);
                assertThat(sample.transform()).isSameAs(small.rows.transform());
                for (int i = 0; i < ROWS; i++) {
                    assertThat(sample.weights()[i])
                            .isEqualTo(weights[i] * factors[small.rows.labels()[i]]);
                    for (int j = 0; j < COLUMNS; j++) {
                        assertThat(x.get(i, j)).isEqualTo(small.x.get(i, j));
                    }
                }
            }
            TrainingRows alike = PartitionSample.draw(partitions, survey, setup(null), small.rows.transform(), 3);
            assertThat(alike.weights()).isNull();
            ((FloatMatrix) alike.x()).close();
        }
    }

    /** 16,384 rows, 2²⁴ floats, 256 rows at least, and no more than there are. */
    @ParameterizedTest
    @CsvSource({
        "50, 3, 50",
        "1000000, 3, 16384",
        "1000000, 1024, 16384",
        "1000000, 2048, 8192",
        "1000000, 100000, 256",
        "200, 100000, 200"
    })
    void theSizeOfASampleIsLimited(long rows, int columns, int expected) {
        assertThat(PartitionSample.size(rows, columns)).isEqualTo(expected);
    }

    /** 16,384 of 20,000 rows: distinct ones of all partitions, in ascending order. */
    @Test
    void aSampleIsDrawnFromAllPartitions() {
        int count = 20_000;
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> i % 2);
        double[] one = {1};
        try (FloatMatrix x = FloatMatrix.allocate(count, 1)) {
            for (int i = 0; i < count; i++) {
                x.set(i, 0, i);
            }
            try (LocalPartitions partitions =
                    new LocalPartitions(x, labels, null, new int[] {5_000, count}, 4_096, SmallRows.POOL, 0, 1)) {
                PartitionSurvey survey =
                        new PartitionSurvey(new long[] {5_000, 15_000}, false, new double[] {1e4, 1e4}, new double[1]);
                FeatureTransform t = new FeatureTransform(new double[1], one, one, 1, false);
                PartitionSetup setup = new PartitionSetup(UUID.randomUUID(), 2, count, null, new double[1], one, 1);
                int[] first = sampled(partitions, survey, setup, t, 1);
                assertThat(first).hasSize(16_384).isSorted().doesNotHaveDuplicates();
                assertThat(Arrays.stream(first).filter(row -> row >= 5_000).count())
                        .isBetween(12_150L, 12_430L);
                assertThat(sampled(partitions, survey, setup, t, 1)).isEqualTo(first);
                assertThat(sampled(partitions, survey, setup, t, 2)).isNotEqualTo(first);
            }
        }
    }

    /** The numbers of the rows of a sample, which are their values. */
    private static int[] sampled(
            PartitionedRows partitions, PartitionSurvey survey, PartitionSetup setup, FeatureTransform t, long seed) {
        TrainingRows sample = PartitionSample.draw(partitions, survey, setup, t, seed);
        try (FloatMatrix x = (FloatMatrix) sample.x()) {
            int[] rows = new int[sample.count()];
            Arrays.setAll(rows, i -> (int) x.get(i, 0));
            int[] labels = Arrays.stream(rows).map(row -> row % 2).toArray();
            assertThat(sample.labels()).isEqualTo(labels);
            return rows;
        }
    }

    /** A whole fit, with the passes of all its parts. */
    @ParameterizedTest
    @CsvSource({"0, false", "0.5, false", "0.5, true", "1, false"})
    void aFitReachesTheObjectiveOfAllRows(double l1Ratio, boolean grouped) {
        Options options = Options.defaults()
                .withLambda(0.02)
                .withL1Ratio(l1Ratio)
                .withGrouped(grouped)
                .withTolerance(1e-8)
                .withStandardize(true);
        for (Options each : List.of(
                options,
                options.withClassWeight(ClassWeight.BALANCED),
                options.withClassWeights(Map.of(1, 3.0)),
                options.withIntercept(false))) {
            int[] reports = new int[1];
            try (LocalPartitions partitions = partitions(null);
                    LogisticModel expected = LogisticRegression.fit(small.x, small.rows.labels(), each);
                    LogisticModel actual = LogisticRegression.fit(
                            partitions, each.withProgress(p -> reports[0] = p.passes()), SmallRows.POOL)) {
                assertThat(actual.converged()).isTrue();
                assertThat(actual.objective()).isCloseTo(expected.objective(), within(2e-8 * expected.objective()));
                assertThat(actual.iterations()).isBetween(1, 12);
                assertThat(actual.passes()).isEqualTo(reports[0]);
            }
        }
    }

    @Test
    void refusesClassesAndColumnsAsForRowsInMemory() {
        int[] many = IntStream.range(0, 257).toArray();
        Options grouped = Options.defaults().withGrouped(true).withL1Ratio(1);
        try (FloatMatrix x = FloatMatrix.allocate(257, 1);
                LocalPartitions partitions =
                        new LocalPartitions(x, many, null, new int[] {100, 257}, SmallRows.POOL, 0, 1)) {
            assertThatThrownBy(() -> LogisticRegression.fit(partitions, grouped, SmallRows.POOL))
                    .hasMessageStartingWith("a grouped penalty takes at most 256 classes, but there are 257");
        }
        int[] two = {0, 1, 0, 1};
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1e9f, 1e9f, 1e9f, 1e9f + 64}, 4, 1);
                LocalPartitions partitions =
                        new LocalPartitions(x, two, null, new int[] {2, 4}, SmallRows.POOL, 0, 1)) {
            assertThatThrownBy(() -> LogisticRegression.fit(partitions, Options.defaults(), SmallRows.POOL))
                    .hasMessageStartingWith("column 0 has a mean of");
        }
    }
}
