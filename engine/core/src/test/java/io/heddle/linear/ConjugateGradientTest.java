package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directions against Gaussian elimination on the Hessian of plain sums. */
class ConjugateGradientTest {
    private static final double L2 = 0.05;

    private SmallRows small;
    private ExactLoss loss;
    private Penalty penalty;
    private double[] w;
    private double[] gradient;
    private boolean[] every;
    private Preconditioner diagonal;
    /** Of the preconditioner. */
    private double[] divisors;

    @BeforeEach
    void setUp() {
        small = new SmallRows(50, 4, 3, Scaling.WHERE_NEEDED, true, true);
        loss = ExactLoss.of(small.rows, SmallRows.POOL);
        penalty = small.elasticNet(0, L2);
        w = small.point(0.5);
        gradient = new double[w.length];
        loss.evaluate(w, new double[w.length]);
        Arrays.setAll(gradient, i -> Math.sin(i + 1));
        every = new boolean[w.length];
        Arrays.fill(every, true);
        int[] all = IntStream.range(0, w.length).toArray();
        List<BlockHessian> estimate = BlockHessian.build(loss, List.of(all), penalty, 1, 1e12, SmallRows.POOL);
        divisors = new double[w.length];
        Arrays.setAll(divisors, i -> estimate.getFirst().matrix().get(i, i));
        diagonal = Preconditioner.diagonal(estimate, 3, SmallRows.POOL);
    }

    @AfterEach
    void tearDown() {
        diagonal.close();
        loss.close();
        small.close();
    }

    private double[] solve(boolean[] free, int maximum, double tolerance) {
        double[] direction = new double[w.length];
        Arrays.fill(direction, 7);
        ConjugateGradient.solve(loss, penalty, w, gradient, free, diagonal, maximum, tolerance, direction);
        return direction;
    }

    /** Elimination on the rows and columns of free parameters. */
    private double[] expected(boolean[] free) {
        int[] kept = IntStream.range(0, w.length).filter(i -> free[i]).toArray();
        double[][] hessian = small.hessian(w, L2);
        double[][] a = new double[kept.length][kept.length];
        double[] right = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            right[i] = -gradient[kept[i]];
            for (int j = 0; j < kept.length; j++) {
                a[i][j] = hessian[kept[i]][kept[j]];
            }
        }
        double[] solution = ReferenceOptimum.eliminate(a, right);
        double[] result = new double[w.length];
        for (int i = 0; i < kept.length; i++) {
            result[kept[i]] = solution[i];
        }
        return result;
    }

    /** A common shift of all intercepts has no curvature, so one intercept is not free. */
    private boolean[] freeWithoutOneIntercept() {
        boolean[] free = every.clone();
        free[w.length - 1] = false;
        return free;
    }

    @Test
    void solvesTheNewtonSystemOfFreeParameters() {
        boolean[] free = freeWithoutOneIntercept();
        assertThat(solve(free, 500, 1e-11)).containsExactly(expected(free), within(1e-8));
        free[0] = false;
        free[6] = false;
        double[] direction = solve(free, 500, 1e-11);
        assertThat(direction).containsExactly(expected(free), within(1e-8));
        assertThat(direction[6]).isZero();
    }

    @Test
    void theFirstProductGivesTheBestStepAlongThePreconditionedGradient() {
        double[] z = new double[w.length];
        Arrays.setAll(z, i -> -gradient[i] / divisors[i]);
        double[] hz = PlainSums.times(small.hessian(w, L2), z);
        double slope = 0;
        double curvature = 0;
        for (int i = 0; i < z.length; i++) {
            slope -= gradient[i] * z[i];
            curvature += z[i] * hz[i];
        }
        double step = slope / curvature;
        int before = loss.passes();
        double[] direction = solve(every, 1, 0);
        assertThat(loss.passes() - before).isEqualTo(1);
        assertThat(direction)
                .containsExactly(Arrays.stream(z).map(v -> step * v).toArray(), within(1e-6));
        assertThat(solve(every, 0, 0)).containsOnly(0);
    }

    /** The residual's norm after some products, squared: rᵀ M⁻¹ r. */
    private double residual(boolean[] free, int products) {
        double[] hd = PlainSums.times(small.hessian(w, L2), solve(free, products, 0));
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            double r = -gradient[i] - hd[i];
            sum += free[i] ? r * r / divisors[i] : 0;
        }
        return sum;
    }

    @Test
    void stopsAtTheFirstResidualWithinTheTolerance() {
        boolean[] free = freeWithoutOneIntercept();
        for (double tolerance : new double[] {0.5, 0.1, 1e-3}) {
            int expected = 0;
            while (residual(free, expected) > tolerance * tolerance * residual(free, 0)) {
                expected++;
            }
            int before = loss.passes();
            solve(free, 500, tolerance);
            assertThat(loss.passes() - before).as("products for %s", tolerance).isEqualTo(expected);
        }
    }

    @Test
    void aGradientOfZeroNeedsNoProduct() {
        Arrays.fill(gradient, 0);
        int before = loss.passes();
        assertThat(solve(every, 10, 0.1)).containsOnly(0);
        assertThat(loss.passes()).isEqualTo(before);
    }

    /** With two classes of probability ½, the curvature along a common shift is exactly 0. */
    @Test
    void doesNotStepWhereThereIsNoCurvature() {
        try (SmallRows two = new SmallRows(20, 2, 2);
                ExactLoss flat = ExactLoss.of(two.rows, SmallRows.POOL)) {
            double[] zero = new double[two.size()];
            flat.evaluate(zero, new double[zero.length]);
            Penalty none = two.elasticNet(0, 0);
            double[] shift = {1, 0, 0, 1, 0, 0};
            boolean[] free = new boolean[6];
            Arrays.fill(free, true);
            int[] all = IntStream.range(0, 6).toArray();
            double[] direction = new double[6];
            try (Preconditioner same = Preconditioner.diagonal(
                    BlockHessian.build(flat, CoordinateGroups.byClass(all, 3), none, 1, 1e12, SmallRows.POOL),
                    2,
                    SmallRows.POOL)) {
                ConjugateGradient.solve(flat, none, zero, shift, free, same, 5, 1e-3, direction);
            }
            assertThat(direction).containsOnly(0);
        }
    }
}
