package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps against Gaussian elimination on the Hessian of plain sums. */
class NewtonStepTest {
    private static final double L2 = 0.2;

    private SmallRows small;
    private ExactLoss loss;
    private int size;

    @BeforeEach
    void setUp() {
        small = new SmallRows(60, 3, 3);
        loss = ExactLoss.of(small.rows, SmallRows.POOL);
        size = small.size();
    }

    @AfterEach
    void tearDown() {
        loss.close();
        small.close();
    }

    private boolean take(Iterate at, boolean[] free) {
        int[] all = IntStream.range(0, size).toArray();
        List<BlockHessian> estimate = BlockHessian.build(loss, List.of(all), at.penalty(), 1, 1e12, SmallRows.POOL);
        try (Preconditioner p = Preconditioner.diagonal(estimate, 3, SmallRows.POOL)) {
            return NewtonStep.take(at, p, free, 500, 1e-10);
        }
    }

    /** All parameters but one intercept, along which a common shift would have no curvature. */
    private boolean[] free() {
        boolean[] free = new boolean[size];
        Arrays.fill(free, true);
        free[size - 1] = false;
        return free;
    }

    /** The Newton direction in free parameters. */
    private double[] direction(double[] w, double[] slope, boolean[] free) {
        double[][] hessian = small.hessian(w, L2);
        double[] right = new double[size];
        for (int i = 0; i < size; i++) {
            right[i] = free[i] ? -slope[i] : 0;
            for (int j = 0; j < size; j++) {
                hessian[i][j] = free[i] && free[j] ? hessian[i][j] : i == j ? 1 : 0;
            }
        }
        return ReferenceOptimum.eliminate(hessian, right);
    }

    @Test
    void movesByTheNewtonDirectionOfFreeParameters() {
        double[] w = small.point(0.2);
        double[] slope = new PlainSums(small.rows, w, 1).gradient();
        for (int i = 0; i < size; i++) {
            slope[i] += i % 4 == 3 ? 0 : L2 * w[i];
        }
        boolean[] free = free();
        free[1] = false;
        double[] d = direction(w, slope, free);
        double[] expected = new double[size];
        Arrays.setAll(expected, i -> w[i] + d[i]);
        Iterate at = new Iterate(loss, small.elasticNet(0, L2), w);
        double before = at.objective();
        assertThat(take(at, free)).isTrue();
        assertThat(w).containsExactly(expected, within(1e-7));
        assertThat(at.objective()).isLessThan(before);
    }

    @Test
    void doesNotMoveFromTheOptimum() {
        Iterate at = new Iterate(loss, small.elasticNet(0, L2), small.point(0.2));
        boolean[] free = free();
        for (int step = 0; step < 8; step++) {
            take(at, free);
        }
        double[] end = at.parameters().clone();
        take(at, free);
        assertThat(at.parameters()).containsExactly(end, within(1e-9));
        double[] slope = at.subgradient();
        slope[size - 1] = 0;
        assertThat(slope).containsExactly(new double[size], within(1e-9));
        Arrays.fill(free, false);
        assertThat(take(at, free)).isFalse();
        assertThat(at.direction()).containsOnly(0);
    }

    /** A weight that the step would carry across zero ends there. */
    @Test
    void stopsAtZeroWhereThePenaltyHasAKink() {
        double[] w = small.point(0.2);
        Penalty penalty = small.elasticNet(0.02, L2);
        double[] slope = new double[size];
        penalty.subgradient(new PlainSums(small.rows, w, 1).gradient(), w, slope);
        boolean[] free = free();
        double[] d = direction(w, slope, free);
        int crossing = IntStream.range(0, size)
                .filter(i -> i % 4 != 3 && w[i] * (w[i] + d[i]) < 0)
                .findFirst()
                .orElseThrow();
        Iterate at = new Iterate(loss, penalty, w);
        assertThat(take(at, free)).isTrue();
        assertThat(w[crossing]).isZero();
    }

    /** The search goes along the path on which each weight stops at zero, and some of its steps are shortened. */
    @Test
    void searchesAlongThePathThatStopsAtZero() {
        Penalty penalty = small.elasticNet(0.05, L2);
        boolean[] free = free();
        int shortened = 0;
        for (int start = 0; start < 60; start++) {
            double[] w = small.point(0.2 * (1 + start % 8));
            double[] from = w.clone();
            double[] slope = new double[size];
            penalty.subgradient(new PlainSums(small.rows, w, 1).gradient(), w, slope);
            double[] d = direction(w, slope, free);
            Iterate at = new Iterate(loss, penalty, w);
            double before = at.objective();
            assertThat(take(at, free)).isTrue();
            assertThat(at.objective()).isLessThan(before);
            double[] distances = new double[7];
            for (int k = 0; k < distances.length; k++) {
                for (int i = 0; i < size; i++) {
                    double expected = from[i] + d[i] / (1 << k);
                    boolean crosses = i % 4 != 3 && from[i] * expected < 0;
                    distances[k] = Math.max(distances[k], Math.abs(w[i] - (crosses ? 0 : expected)));
                }
            }
            double least = Arrays.stream(distances).min().orElseThrow();
            assertThat(least).isLessThan(1e-6);
            shortened += distances[0] > 1e-3 ? 1 : 0;
        }
        assertThat(shortened).isPositive();
    }
}
