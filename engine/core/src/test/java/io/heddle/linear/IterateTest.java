package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IterateTest {
    private static final int CLASSES = 3;
    private static final int WIDTH = 4;
    private static final int SIZE = CLASSES * WIDTH;

    private SmallRows small;
    private ExactLoss loss;

    @BeforeEach
    void setUp() {
        small = new SmallRows(60, WIDTH - 1, CLASSES);
        loss = ExactLoss.of(small.rows, SmallRows.POOL);
    }

    @AfterEach
    void tearDown() {
        loss.close();
        small.close();
    }

    private double objective(Penalty penalty, double[] w) {
        return new PlainSums(small.rows, w, 1).loss() + penalty.value(w);
    }

    private static double[] moved(double[] w, double[] direction, double t) {
        double[] result = w.clone();
        for (int i = 0; i < w.length; i++) {
            result[i] += t * direction[i];
        }
        return result;
    }

    @Test
    void hasTheObjectiveAndGradientOfItsPoint() {
        Penalty penalty = small.elasticNet(0.1, 0.2);
        double[] w = small.point(0.5);
        w[1] = 0;
        Iterate at = new Iterate(loss, penalty, w);
        assertThat(at.objective()).isCloseTo(objective(penalty, w), within(1e-13));
        double[] gradient = new PlainSums(small.rows, w, 1).gradient();
        assertThat(at.gradient()).containsExactly(gradient, within(1e-13));
        double[] subgradient = new double[SIZE];
        penalty.subgradient(gradient, w, subgradient);
        assertThat(at.subgradient()).containsExactly(subgradient, within(1e-13));
        boolean[] smooth = new boolean[SIZE];
        Arrays.fill(smooth, true);
        smooth[1] = false;
        assertThat(at.nonZeros()).isEqualTo(smooth);
        assertThat(at.isZero()).isFalse();
        assertThat(new Iterate(loss, penalty, new double[SIZE]).isZero()).isTrue();
        assertThat(at.penalty()).isSameAs(penalty);
        assertThat(at.parameters()).isSameAs(w);
    }

    /** The first of the steps 1, ½, ¼, … with a decrease of at least 1e-4 of the predicted one. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 3, 20, 100, 2_000})
    void takesTheFirstStepWithASufficientDecrease(double length) {
        Penalty penalty = small.elasticNet(0.02, 0.2);
        double[] w = small.point(0.5);
        Iterate at = new Iterate(loss, penalty, w);
        double[] start = w.clone();
        double before = at.objective();
        double[] slope = at.subgradient();
        for (int i = 0; i < SIZE; i++) {
            at.direction()[i] = -length * slope[i];
        }
        double[] direction = at.direction().clone();
        double predicted = penalty.predictedDecrease(at.gradient().clone(), start, direction);
        double t = 1;
        while (t > 1e-4 && objective(penalty, moved(start, direction, t)) > before + 1e-4 * t * predicted) {
            t /= 2;
        }
        assertThat(at.search()).isTrue();
        assertThat(at.stepLength()).isEqualTo(t);
        double[] expected = moved(start, direction, t);
        assertThat(w).containsExactly(expected, within(1e-13));
        assertThat(at.objective()).isCloseTo(objective(penalty, expected), within(1e-12));
        assertThat(at.gradient()).containsExactly(new PlainSums(small.rows, expected, 1).gradient(), within(1e-12));
        assertThat(at.evaluate()).as("steps since the logits were computed").isTrue();
        assertThat(at.evaluate()).isFalse();
        assertThat(at.objective()).isCloseTo(objective(penalty, expected), within(1e-12));
    }

    /** Twelve halvings are tried, and no more. */
    @Test
    void doesNotMoveWithoutADecrease() {
        Penalty penalty = small.elasticNet(0, 0.2);
        double[] w = small.point(0.5);
        double[] start = w.clone();
        Iterate at = new Iterate(loss, penalty, w);
        double[] slope = at.subgradient();
        for (int i = 0; i < SIZE; i++) {
            at.direction()[i] = slope[i];
        }
        assertThat(at.search()).as("uphill").isFalse();
        Arrays.fill(at.direction(), 0);
        assertThat(at.search()).as("no direction").isFalse();
        for (int i = 0; i < SIZE; i++) {
            at.direction()[i] = -1e9 * slope[i];
        }
        assertThat(at.searchFullStep()).as("too far").isFalse();
        assertThat(at.stepLength()).as("too far").isZero();
        assertThat(w).isEqualTo(start);
        assertThat(at.evaluate()).isFalse();
    }

    /** The loss in float does not change by such a step, so it would not be taken without a margin for rounding. */
    @Test
    void acceptsTheRoundingErrorOfFloats() {
        double[] w = small.point(0.5);
        double[] start = w.clone();
        try (SoftmaxLoss floats = new SoftmaxLoss(small.rows, SmallRows.POOL)) {
            Iterate at = new Iterate(floats, small.elasticNet(0, 0), w);
            double[] slope = at.subgradient();
            double square = Arrays.stream(slope).map(s -> s * s).sum();
            double length = 1e-10 / square;
            for (int i = 0; i < SIZE; i++) {
                at.direction()[i] = -length * slope[i];
            }
            double[] direction = at.direction().clone();
            assertThat(at.search()).isTrue();
            assertThat(w).containsExactly(moved(start, direction, 1), within(1e-16));
        }
    }

    @Test
    void halvesStepsThatAreFarTooLong() {
        Penalty penalty = small.elasticNet(0, 0.2);
        double[] start = small.point(0.5);
        Iterate first = new Iterate(loss, penalty, start.clone());
        double[] slope = first.subgradient();
        for (int i = 0; i < SIZE; i++) {
            first.direction()[i] = -100 * slope[i];
        }
        assertThat(first.search()).isTrue();
        double taken = (first.parameters()[0] - start[0]) / (-100 * slope[0]);
        for (int halvings : new int[] {11, 12, 40}) {
            Iterate at = new Iterate(loss, penalty, start.clone());
            double length = Math.scalb(100 * taken, halvings);
            for (int i = 0; i < SIZE; i++) {
                at.direction()[i] = -length * slope[i];
            }
            assertThat(at.search()).isTrue();
            assertThat(at.stepLength()).isEqualTo(Math.scalb(1, -halvings));
        }
    }

    @Test
    void theCertificateBoundsTheDistanceToTheMinimum() {
        double l2 = 0.2;
        for (double l1 : new double[] {0, 0.05}) {
            double minimum = small.minimum(l1, l2, false);
            Iterate at = new Iterate(loss, small.elasticNet(l1, l2), small.point(0.3));
            for (double tolerance : new double[] {0.5, 0.9}) {
                Certificate certificate = at.certify(tolerance);
                assertThat(certificate.kind()).isEqualTo(Certificate.Kind.DUALITY_GAP);
                assertThat(at.objective() - minimum).isBetween(0.0, certificate.relative() * at.objective() + 1e-12);
            }
        }
    }

    /** The intercepts are optimized before a certificate within the tolerance is accepted, not before others. */
    @Test
    void balancesTheInterceptsOfAnAcceptedCertificate() {
        Penalty penalty = small.elasticNet(0, 0.2);
        double[] w = small.point(0.05);
        Iterate at = new Iterate(loss, penalty, w);
        double[] start = w.clone();
        at.certify(1e-9);
        assertThat(w).isEqualTo(start);
        assertThat(InterceptNewton.residual(at.gradient(), WIDTH)).isGreaterThan(1e-3);
        Certificate certificate = at.certify(10);
        double[] gradient = new PlainSums(small.rows, w, 1).gradient();
        double[] residuals = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            residuals[c] = gradient[c * WIDTH + WIDTH - 1];
            for (int j = 0; j < WIDTH - 1; j++) {
                assertThat(w[c * WIDTH + j]).isEqualTo(start[c * WIDTH + j]);
            }
        }
        assertThat(residuals).containsExactly(new double[CLASSES], within(2e-7));
        double gap = penalty.fenchelGap(w, gradient);
        assertThat(certificate.relative()).isCloseTo(gap / at.objective(), within(1e-9));
    }

    /** A tight tolerance requires intercepts that are more exact. */
    @Test
    void theBalanceDependsOnTheTolerance() {
        double[] w = small.point(0.05);
        Iterate at = new Iterate(loss, small.elasticNet(0, 0.2), w);
        try (Preconditioner p = Preconditioner.diagonal(
                BlockHessian.build(
                        loss,
                        CoordinateGroups.byClass(
                                java.util.stream.IntStream.range(0, SIZE).toArray(), WIDTH),
                        at.penalty(),
                        1,
                        1e12,
                        SmallRows.POOL),
                CLASSES,
                SmallRows.POOL)) {
            boolean[] every = new boolean[SIZE];
            Arrays.fill(every, true);
            for (int step = 0; step < 10; step++) {
                NewtonStep.take(at, p, every, 100, 1e-9);
            }
        }
        for (int c = 0; c < CLASSES; c++) {
            w[c * WIDTH + WIDTH - 1] += 1e-8 * c;
        }
        at.evaluate();
        double residual = InterceptNewton.residual(at.gradient(), WIDTH);
        assertThat(residual).isBetween(1e-10, 1e-7);
        at.certify(1e-2);
        assertThat(InterceptNewton.residual(at.gradient(), WIDTH)).isEqualTo(residual);
        at.certify(1e-7);
        assertThat(InterceptNewton.residual(at.gradient(), WIDTH)).isLessThan(1e-9);
    }

    @Test
    void withoutAPenaltyTheCertificateIsTheLargestGradient() {
        Penalty none = small.elasticNet(0, 0);
        double[] w = small.point(0.3);
        Iterate at = new Iterate(loss, none, w);
        double start = largest(new PlainSums(small.rows, new double[SIZE], 1).gradient());
        double now = largest(new PlainSums(small.rows, w, 1).gradient());
        Certificate certificate = at.certify(1e-9);
        assertThat(certificate.kind()).isEqualTo(Certificate.Kind.KKT_VIOLATION);
        assertThat(certificate.relative()).isCloseTo(now / start, within(1e-12));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    @Test
    void aCommonShiftReducesThePenaltyOnly() {
        Penalty penalty = small.elasticNet(0.1, 0.2);
        double[] w = small.point(0.5);
        for (int c = 0; c < CLASSES; c++) {
            w[c * WIDTH] += 2;
        }
        double[] start = w.clone();
        Iterate at = new Iterate(loss, penalty, w);
        double before = at.objective();
        at.shiftClasses();
        double mean = new PlainSums(small.rows, start, 1).loss();
        assertThat(new PlainSums(small.rows, w, 1).loss()).isCloseTo(mean, within(1e-12));
        assertThat(at.objective()).isLessThan(before - 0.1).isCloseTo(mean + penalty.value(w), within(1e-12));
        for (int j = 0; j < WIDTH; j++) {
            double shift = start[j] - w[j];
            for (int c = 1; c < CLASSES; c++) {
                assertThat(start[c * WIDTH + j] - w[c * WIDTH + j]).isCloseTo(shift, within(1e-14));
            }
            assertThat(shift == 0).as("shift of column %d", j).isEqualTo(j == WIDTH - 1);
        }
        for (int j = 0; j < WIDTH - 1; j++) {
            for (double by : new double[] {-0.01, 0.01}) {
                double[] other = w.clone();
                for (int c = 0; c < CLASSES; c++) {
                    other[c * WIDTH + j] += by;
                }
                assertThat(penalty.value(other)).isGreaterThan(penalty.value(w));
            }
        }
        double after = at.objective();
        at.shiftClasses();
        assertThat(at.objective()).isCloseTo(after, within(1e-13));
    }
}
