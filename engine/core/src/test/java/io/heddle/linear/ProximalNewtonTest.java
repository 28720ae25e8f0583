package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Solutions against minima of proximal gradient steps, and the ends of a solve. */
class ProximalNewtonTest {
    private static final Map<String, Double> MINIMA = new ConcurrentHashMap<>();

    private final List<ProximalNewton.State> states = new ArrayList<>();
    private SmallRows small;
    private ExactLoss exact;
    private double[] w;

    @BeforeEach
    void setUp() {
        small = new SmallRows(120, 6, 3);
        exact = ExactLoss.of(small.rows, SmallRows.POOL);
        w = new double[small.size()];
    }

    @AfterEach
    void tearDown() {
        exact.close();
        small.close();
    }

    private ProximalNewton.State solve(Loss loss, Penalty penalty, double tolerance, int maximum) {
        states.clear();
        return ProximalNewton.solve(loss, penalty, w, false, tolerance, maximum, SmallRows.POOL, states::add);
    }

    private Penalty penalty(double l1, double l2, boolean grouped) {
        return grouped ? small.grouped(l1, l2) : small.elasticNet(l1, l2);
    }

    private double minimum(double l1, double l2, boolean grouped) {
        return MINIMA.computeIfAbsent(l1 + " " + l2 + " " + grouped, key -> small.minimum(l1, l2, grouped));
    }

    /** With and without whole Hessians. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.05, false, 4, 9",
        "0.02, 0.05, false, 3, 7",
        "0.02, 0, false, 3, 7",
        "0.02, 0.05, true, 3, 7",
        "0.03, 0, true, 3, 7"
    })
    void convergesToTheMinimum(double l1, double l2, boolean grouped, int dense, int others) {
        Penalty penalty = penalty(l1, l2, grouped);
        double minimum = minimum(l1, l2, grouped);
        for (boolean whole : new boolean[] {true, false}) {
            Arrays.fill(w, 0);
            CountingLoss loss = new CountingLoss(exact, whole);
            ProximalNewton.State end = solve(loss, penalty, 1e-9, 50);
            assertThat(end.converged()).isTrue();
            assertThat(end.iterations()).isBetween(1, whole ? dense : others);
            assertThat(end.certificate().relative()).isBetween(0.0, 1e-9);
            assertThat(end.objective()).isCloseTo(minimum, within(2e-9 * minimum));
            assertThat(new PlainSums(small.rows, w, 1).loss() + penalty.value(w))
                    .isCloseTo(end.objective(), within(1e-12));
            assertThat(loss.hessians() > 0).isEqualTo(whole);
            assertThat(loss.estimates() > 0).isEqualTo(!whole);
            assertThat(states).hasSize(end.iterations()).last().isEqualTo(end);
            for (int k = 0; k < states.size(); k++) {
                assertThat(states.get(k).iterations()).isEqualTo(k + 1);
                assertThat(states.get(k).converged()).isEqualTo(k == states.size() - 1);
            }
        }
    }

    @Test
    void endsAtTheMaximumOfIterations() {
        ProximalNewton.State end = solve(exact, small.elasticNet(0, 1e-3), 1e-12, 1);
        assertThat(end.iterations()).isEqualTo(1);
        assertThat(end.converged()).isFalse();
        assertThat(states).containsExactly(end);
        assertThat(end.certificate().relative()).isGreaterThan(1e-12);
    }

    @Test
    void startsFromAPointThatNeedsNoIteration() {
        Penalty penalty = small.elasticNet(0.02, 0.05);
        ProximalNewton.State first = solve(exact, penalty, 1e-8, 50);
        ProximalNewton.State again = solve(exact, penalty, 1e-6, 50);
        assertThat(again.iterations()).isZero();
        assertThat(again.converged()).isTrue();
        assertThat(again.objective()).isCloseTo(first.objective(), within(1e-12));
        assertThat(states).isEmpty();
    }

    /** Iterations in float end when both measures only vary by rounding. Those in double have a smaller error. */
    @ParameterizedTest
    @CsvSource({"0, 0.05, false", "0.02, 0.05, false", "0.02, 0.05, true"})
    void endsWhereOnlyRoundingIsLeft(double l1, double l2, boolean grouped) {
        double minimum = minimum(l1, l2, grouped);
        try (SoftmaxLoss floats = new SoftmaxLoss(small.rows, SmallRows.POOL)) {
            ProximalNewton.State end = solve(floats, penalty(l1, l2, grouped), 1e-15, 1_000);
            assertThat(end.converged()).isFalse();
            assertThat(end.iterations()).isLessThan(40);
            assertThat(end.objective()).isCloseTo(minimum, within(1e-6 * minimum));
        }
        Arrays.fill(w, 0);
        for (boolean whole : new boolean[] {true, false}) {
            ProximalNewton.State end = solve(new CountingLoss(exact, whole), penalty(l1, l2, grouped), 1e-300, 15);
            assertThat(end.objective()).isCloseTo(minimum, within(1e-12));
        }
    }

    /** Without a penalty the gradient is compared with that of the start, also where the rows are separable. */
    @Test
    void withoutAPenaltyTheObjectiveMustHaveSettledToo() {
        Penalty none = small.elasticNet(0, 0);
        ProximalNewton.State end = solve(exact, none, 1e-6, 50);
        assertThat(end.converged()).isTrue();
        assertThat(end.certificate().kind()).isEqualTo(Certificate.Kind.KKT_VIOLATION);
        double[] start = new PlainSums(small.rows, new double[w.length], 1).gradient();
        double[] now = new PlainSums(small.rows, w, 1).gradient();
        double ratio = largest(now) / largest(start);
        assertThat(end.certificate().relative()).isCloseTo(ratio, within(1e-12)).isLessThanOrEqualTo(1e-6);
        double last = states.get(states.size() - 2).objective();
        assertThat(last - end.objective()).isLessThanOrEqualTo(1e-6 * end.objective());
        try (SmallRows few = new SmallRows(12, 20, 2, Scaling.STANDARDIZE, true, false);
                ExactLoss separable = ExactLoss.of(few.rows, SmallRows.POOL)) {
            w = new double[few.size()];
            ProximalNewton.State separated = solve(separable, few.elasticNet(0, 0), 1e-4, 100);
            assertThat(separated.objective()).isLessThan(1e-3);
            assertThat(states).allSatisfy(s -> assertThat(s.objective()).isPositive());
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /**
     * In double, the classes are shifted after each iteration to the smallest penalty: a mean of 0 with squares only.
     */
    @Test
    void classesAreCentredInDouble() {
        Arrays.setAll(w, i -> 3 + Math.sin(i));
        solve(new CountingLoss(exact, false), small.elasticNet(0, 1e-6), 1e-9, 1);
        int width = small.rows.width();
        for (int j = 0; j < width - 1; j++) {
            double sum = 0;
            for (int i = j; i < w.length; i += width) {
                sum += w[i];
            }
            assertThat(sum).isCloseTo(0, within(1e-13));
        }
    }

    /** Iterations that do not move are followed by those with whole Hessians, if these are affordable. */
    @Test
    void wholeHessiansReplaceIterationsThatDoNotMove() {
        double minimum = minimum(0, 0.05, false);
        // For so many rows, whole Hessians are not cheap.
        CountingLoss affordable = new CountingLoss(exact, true, 1_000_000);
        affordable.failProducts();
        ProximalNewton.State end = solve(affordable, small.elasticNet(0, 0.05), 1e-9, 50);
        assertThat(end.converged()).isTrue();
        assertThat(end.objective()).isCloseTo(minimum, within(2e-9 * minimum));
        assertThat(end.iterations()).isBetween(3, 6);
        assertThat(affordable.estimates()).isEqualTo(1);
        assertThat(affordable.hessians()).isEqualTo(end.iterations() - 1);
        Arrays.fill(w, 0);
        CountingLoss never = new CountingLoss(exact, false);
        never.failProducts();
        ProximalNewton.State stuck = solve(never, small.elasticNet(0, 0.05), 1e-9, 50);
        assertThat(stuck.converged()).isFalse();
        assertThat(stuck.iterations()).isEqualTo(1);
        assertThat(never.estimates()).as("the second has only a diagonal").isEqualTo(2);
        assertThat(stuck.objective()).isCloseTo(Math.log(3), within(1e-12));
        assertThat(w).containsOnly(0);
    }

    /**
     * Without a penalty, both the gradient and the decrease must be within the tolerance: separable rows have no
     * optimum.
     */
    @Test
    void convergenceWithoutAPenaltyIsOfBothMeasures() {
        for (double tolerance : new double[] {0.5, 0.2, 0.1, 0.05, 0.01, 1e-3, 1e-5}) {
            Arrays.fill(w, 0);
            solve(exact, small.elasticNet(0, 0), tolerance, 50);
            followsTheRule(tolerance, Math.log(3));
            assertThat(states.getLast().converged()).isTrue();
        }
        try (SmallRows few = new SmallRows(12, 20, 2);
                ExactLoss separable = ExactLoss.of(few.rows, SmallRows.POOL)) {
            w = new double[few.size()];
            solve(separable, few.elasticNet(0, 0), 1e-2, 20);
            followsTheRule(1e-2, Math.log(2));
            assertThat(states.getLast().certificate().relative()).isLessThan(1e-2);
            assertThat(states.getLast().converged()).isFalse();
        }
    }

    private void followsTheRule(double tolerance, double start) {
        double before = start;
        for (ProximalNewton.State state : states) {
            boolean settled = before - state.objective() <= tolerance * state.objective();
            boolean converged = settled && state.certificate().relative() <= tolerance;
            assertThat(state.converged()).as("tolerance %s", tolerance).isEqualTo(converged);
            before = state.objective();
        }
    }
}
