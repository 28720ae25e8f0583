package io.heddle.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.audit.LabelAudit.Cut;
import io.heddle.audit.LabelAudit.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Audits blobs of points, some of which have a wrong label. */
class LabelAuditTest {
    private static final int ROWS = 1500;
    private static final int CLASSES = 5;
    private static final int FEATURES = 12;
    private static final double FLIPPED = 0.05;

    private static final Options SMALL = Options.defaults().withLambdas(List.of(1e-3));

    private static FloatMatrix x;
    private static int[] truth;
    private static int[] given;

    @BeforeAll
    static void draw() {
        Random random = new Random(3);
        float[][] centres = new float[CLASSES][FEATURES];
        for (float[] c : centres) {
            for (int j = 0; j < FEATURES; j++) {
                c[j] = (float) (2 * random.nextGaussian());
            }
        }
        x = FloatMatrix.allocate(ROWS, FEATURES);
        truth = new int[ROWS];
        given = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            truth[i] = i % CLASSES;
            for (int j = 0; j < FEATURES; j++) {
                x.set(i, j, (float) (centres[truth[i]][j] + random.nextGaussian()));
            }
            given[i] =
                    random.nextDouble() < FLIPPED ? (truth[i] + 1 + random.nextInt(CLASSES - 1)) % CLASSES : truth[i];
        }
    }

    @AfterAll
    static void close() {
        x.close();
    }

    @Test
    void findsTheFlippedLabelsAndSuggestsTheTrueOnes() {
        LabelAudit.Result result = LabelAudit.run(x, given, SMALL);

        long flips = flips();
        long hits = result.issues().stream()
                .filter(i -> truth[i.index()] != given[i.index()])
                .count();
        assertThat(flips).isGreaterThan(50);
        assertThat((double) hits / flips).isGreaterThan(0.9);
        assertThat((double) hits / result.issues().size()).isGreaterThan(0.9);
        assertThat(result.issues().stream().filter(i -> i.suggested() == truth[i.index()]))
                .hasSizeGreaterThan((int) (0.95 * hits));
        assertThat(result.noise()).isBetween(0.6 * FLIPPED, 1.6 * FLIPPED);
        assertThat(result.accuracy()).isGreaterThan(0.85);
    }

    private static long flips() {
        long flips = 0;
        for (int i = 0; i < ROWS; i++) {
            flips += truth[i] == given[i] ? 0 : 1;
        }
        return flips;
    }

    @Test
    void ranksByMarginAndReportsTheGivenLabel() {
        List<LabelIssue> issues = LabelAudit.run(x, given, SMALL).issues();

        assertThat(issues).isNotEmpty().isSortedAccordingTo((a, b) -> Double.compare(b.margin(), a.margin()));
        assertThat(issues).allSatisfy(i -> {
            assertThat(i.given()).isEqualTo(given[i.index()]).isNotEqualTo(i.suggested());
            assertThat(i.margin()).isPositive().isLessThanOrEqualTo(1);
        });
    }

    @Test
    void findsNearlyNothingIfAllLabelsAreRight() {
        assertThat(LabelAudit.run(x, truth, SMALL).issues()).hasSizeLessThan(ROWS / 100);
    }

    @Test
    void confidentLearningsCutIsTheOffDiagonalOfItsJoint() {
        LabelAudit.Result result = LabelAudit.run(x, given, SMALL.withCut(Cut.CONFIDENT_JOINT));

        long hits = result.issues().stream()
                .filter(i -> truth[i.index()] != given[i.index()])
                .count();
        assertThat(result.iterations()).isEqualTo(1);
        assertThat((double) hits / flips()).isGreaterThan(0.7);
        assertThat((double) hits / result.issues().size()).isGreaterThan(0.7);
    }

    @Tag("slow")
    @Test
    void anotherNumberOfThreadsGivesTheSameBits() {
        try (WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3)) {
            assertThat(LabelAudit.run(x, given, SMALL, three)).isEqualTo(LabelAudit.run(x, given, SMALL, one));
        }
    }

    @Test
    void reportsProgress() {
        List<LabelAudit.Progress> told = new ArrayList<>();

        LabelAudit.Result result =
                LabelAudit.run(x, given, SMALL.withMaxIterations(2).withProgress(told::add));

        assertThat(told).hasSize(10);
        assertThat(told.getFirst().models()).isEqualTo(1);
        assertThat(told.getLast().models()).isEqualTo(told.getLast().maximum()).isEqualTo(10);
        assertThat(told.getLast().issues()).isPositive();
        assertThat(result.iterations()).isEqualTo(2);
    }

    @Tag("slow")
    @Test
    void choosesThePenaltyWithTheLowestHeldOutLoss() {
        double chosen = LabelAudit.run(x, given, Options.defaults().withMaxIterations(1))
                .lambda();

        // The best penalty is neither the weakest nor the strongest one here.
        assertThat(chosen).isLessThan(1e-1).isGreaterThan(1e-5);
        assertThat(LabelAudit.run(x, given, SMALL.withMaxIterations(1)).lambda())
                .isEqualTo(1e-3);
    }

    @Test
    void acceptsAClassWithoutRows() {
        int[] shifted =
                Arrays.stream(given).map(label -> label == 4 ? 6 : label).toArray();

        assertThat(LabelAudit.run(x, shifted, SMALL.withMaxIterations(1)).issues())
                .isNotEmpty()
                .noneMatch(i -> i.suggested() == 4 || i.suggested() == 5);
    }

    @Test
    void refusesInvalidInput() {
        int[] rare = given.clone();
        rare[17] = CLASSES;
        assertThatThrownBy(() -> LabelAudit.run(x, rare, SMALL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("class 5 has 1 rows; 5 folds need at least as many");
        int[] negative = given.clone();
        negative[4] = -1;
        assertThatThrownBy(() -> LabelAudit.run(x, negative, SMALL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("label -1 of row 4 is negative");
        assertThatThrownBy(() -> LabelAudit.run(x, new int[3], SMALL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("3 labels do not fit 1500 rows");
        assertThatThrownBy(() -> LabelAudit.run(x, new int[ROWS], SMALL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("an audit needs at least two classes");
        assertThatThrownBy(() -> SMALL.withFolds(1)).hasMessage("an audit needs 2 folds or more, not 1");
        assertThatThrownBy(() -> SMALL.withLambdas(List.of())).hasMessage("an audit needs a lambda");
        assertThatThrownBy(() -> SMALL.withMaxIterations(0)).hasMessage("an audit needs 1 iteration or more, not 0");
    }

    @ParameterizedTest
    @EnumSource(LabelAudit.Cut.class)
    void refusesProbabilitiesWithoutRowsOrOfOneClass(LabelAudit.Cut cut) {
        try (FloatMatrix none = FloatMatrix.allocate(0, 2);
                FloatMatrix one = FloatMatrix.copyOf(new float[] {1, 1, 1}, 3, 1)) {
            assertThatThrownBy(() -> LabelAudit.ofProbabilities(none, new int[0], cut))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there are no rows of probabilities");
            assertThatThrownBy(() -> LabelAudit.ofProbabilities(one, new int[3], cut))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("an audit needs the probabilities of at least two classes, but there is 1 column");
        }
    }
}
