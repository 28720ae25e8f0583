package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of iterations on few rows, against minima of proximal gradient steps. */
class SolverIterationsTest {
    private static final double BUDGET = 5e9;

    /** Each takes longer than the iterations. */
    private static final Map<String, Double> MINIMA = new ConcurrentHashMap<>();

    private SmallRows small;
    private CountingLoss loss;

    @BeforeEach
    void setUp() {
        open(new SmallRows(150, 8, 3));
    }

    private void open(SmallRows rows) {
        small = rows;
        loss = new CountingLoss(ExactLoss.of(small.rows, SmallRows.POOL), true);
    }

    @AfterEach
    void tearDown() {
        loss.close();
        small.close();
    }

    private Iterate start(Penalty penalty) {
        return new Iterate(loss, penalty, new double[small.size()]);
    }

    private double minimum(double l1, double l2, boolean grouped) {
        return MINIMA.computeIfAbsent(l1 + " " + l2 + " " + grouped, key -> small.minimum(l1, l2, grouped));
    }

    /** @return the number of iterations to the minimum */
    private static int minimises(Iterations iterations, Iterate at, double minimum, double relative) {
        for (int k = 0; k < 30; k++) {
            if (at.objective() <= minimum * (1 + relative)) {
                at.evaluate();
                assertThat(at.objective()).isCloseTo(minimum, within(relative * minimum));
                return k;
            }
            double before = at.objective();
            iterations.iterate();
            assertThat(at.objective()).as("iteration %d", k).isLessThanOrEqualTo(before * (1 + 1e-14));
        }
        return 30;
    }

    @ParameterizedTest
    @CsvSource({"0, 0.05, 4", "0.02, 0.05, 2", "0.02, 0, 2", "0.1, 0, 2", "0.002, 0.001, 3"})
    void denseIterations(double l1, double l2, int expected) {
        Iterate at = start(small.elasticNet(l1, l2));
        try (DenseIterations iterations = new DenseIterations(at)) {
            double minimum = minimum(l1, l2, false);
            int count = minimises(iterations, at, minimum, 1e-10);
            assertThat(count).isLessThanOrEqualTo(expected);
            assertThat(loss.hessians()).isEqualTo(l1 > 0 ? 2 * count : count);
            assertThat(loss.estimates() + loss.products()).isZero();
            assertThat(iterations.refresh()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.02, 0.05, 2", "0.05, 0, 2", "0.005, 0.001, 3"})
    void denseIterationsWithNormsOfColumns(double l1, double l2, int expected) {
        Iterate at = start(small.grouped(l1, l2));
        try (DenseIterations iterations = new DenseIterations(at)) {
            assertThat(minimises(iterations, at, minimum(l1, l2, true), 1e-10)).isLessThanOrEqualTo(expected);
        }
    }

    @Test
    void denseIterationsLeaveAConstantColumnAtZero() {
        FeatureTransform t = small.rows.transform();
        t.scale()[2] = 0;
        for (double l1 : new double[] {0, 0.02}) {
            Iterate at = start(small.elasticNet(l1, 0.05));
            try (DenseIterations iterations = new DenseIterations(at)) {
                minimises(iterations, at, small.minimum(l1, 0.05, false), 1e-10);
            }
            assertThat(at.parameters()[2]).isZero();
            assertThat(at.subgradient()).containsExactly(new double[small.size()], within(1e-5));
        }
    }

    @Test
    void denseIterationsAreCheapForFewParametersAndRows() {
        assertThat(DenseIterations.cheap(loss)).isTrue();
        CountingLoss never = new CountingLoss(loss, false);
        assertThat(DenseIterations.cheap(never)).isFalse();
        Iterate at = start(small.elasticNet(0, 0.1));
        try (SmoothIterations smooth = new SmoothIterations(at, false, BUDGET, SmallRows.POOL);
                DenseIterations dense = new DenseIterations(at)) {
            assertThat(DenseIterations.replaces(smooth, loss)).isTrue();
            assertThat(DenseIterations.replaces(smooth, never)).isFalse();
            assertThat(DenseIterations.replaces(dense, loss)).isFalse();
        }
        // 512 parameters at most, and 2e8 operations: rows · parameters².
        shape(3, 255, 2, true);
        shape(3, 256, 2, false);
        shape(800, 249, 2, true);
        shape(801, 249, 2, false);
    }

    private static void shape(int rows, int columns, int classes, boolean cheap) {
        try (SmallRows other = new SmallRows(rows, columns, classes);
                ExactLoss exact = ExactLoss.of(other.rows, SmallRows.POOL)) {
            assertThat(DenseIterations.cheap(exact))
                    .as("%d x %d", rows, columns)
                    .isEqualTo(cheap);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.05, 4", "0.001, 5"})
    void smoothIterations(double l2, int expected) {
        Iterate at = start(small.elasticNet(0, l2));
        try (SmoothIterations iterations = new SmoothIterations(at, false, BUDGET, SmallRows.POOL)) {
            int count = minimises(iterations, at, minimum(0, l2, false), 1e-7);
            assertThat(count).isLessThanOrEqualTo(expected);
            assertThat(loss.products()).isLessThanOrEqualTo(2 * count);
            // The estimate is kept once the objective decreases by less than a tenth.
            assertThat(loss.estimates()).isBetween(1, 3).isLessThan(count);
            assertThat(loss.hessians()).isZero();
            iterations.iterate();
            int estimates = loss.estimates();
            assertThat(iterations.refresh())
                    .as("the last iteration kept its estimate")
                    .isTrue();
            iterations.iterate();
            assertThat(loss.estimates()).as("after a refresh").isEqualTo(estimates + 1);
            assertThat(iterations.refresh()).as("a new estimate").isFalse();
        }
    }

    /** 1,040 parameters: one factor for each class, at first the same for all. */
    @Test
    void smoothIterationsOfManyParameters() {
        tearDown();
        open(new SmallRows(30, 259, 4));
        double l2 = 0.5;
        Iterate at = start(small.elasticNet(0, l2));
        try (SmoothIterations iterations = new SmoothIterations(at, false, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 5; k++) {
                iterations.iterate();
            }
        }
        double[] slope = new PlainGradient(small, at.parameters()).of(l2);
        assertThat(slope).containsExactly(new double[small.size()], within(1e-4));
        assertThat(loss.products()).isLessThan(50);
    }

    /** The gradient of the loss and ½ l2 w², without a Hessian. */
    private record PlainGradient(SmallRows small, double[] w) {
        double[] of(double l2) {
            int width = small.rows.width();
            double[][] values = small.values();
            double[] g = new double[w.length];
            for (int i = 0; i < values.length; i++) {
                double[] p = new double[small.rows.classes()];
                double sum = 0;
                for (int c = 0; c < p.length; c++) {
                    double z = w[c * width + width - 1];
                    for (int j = 0; j < width - 1; j++) {
                        z += w[c * width + j] * values[i][j];
                    }
                    p[c] = Math.exp(z);
                    sum += p[c];
                }
                for (int c = 0; c < p.length; c++) {
                    double r = (p[c] / sum - (small.rows.labels()[i] == c ? 1 : 0)) / values.length;
                    g[c * width + width - 1] += r;
                    for (int j = 0; j < width - 1; j++) {
                        g[c * width + j] += r * values[i][j];
                    }
                }
            }
            for (int i = 0; i < w.length; i++) {
                g[i] += i % width == width - 1 ? 0 : l2 * w[i];
            }
            return g;
        }
    }

    /** Without a penalty and with fewer rows than columns no factor gives a descent; the diagonal still does. */
    @Test
    void smoothIterationsOfASingularHessianDescend() {
        tearDown();
        open(new SmallRows(20, 40, 2, Scaling.WHERE_NEEDED, true, false));
        CountingLoss never = new CountingLoss(loss, false);
        Iterate at = new Iterate(never, small.elasticNet(0, 0), new double[small.size()]);
        try (SmoothIterations iterations = new SmoothIterations(at, false, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 12; k++) {
                iterations.iterate();
            }
        }
        assertThat(at.objective()).isLessThan(1e-2);
    }

    /**
     * An estimate is kept until the objective has decreased by a tenth since it was built; if passes are cheap, nine.
     */
    @ParameterizedTest
    @CsvSource({"0.5, false", "0.05, false", "1e-3, false", "1e-5, false", "0.5, true", "1e-3, true", "1e-5, true"})
    void smoothIterationsKeepAnEstimate(double l2, boolean cheapPasses) {
        double keep = cheapPasses ? 0.9 : 0.1;
        Iterate at = new Iterate(loss, small.elasticNet(0, l2), small.point(3));
        double built = Double.POSITIVE_INFINITY;
        try (SmoothIterations iterations = new SmoothIterations(at, cheapPasses, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 8; k++) {
                boolean builds = k == 0 || built - at.objective() > keep * built;
                built = builds ? at.objective() : built;
                int estimates = loss.estimates();
                iterations.iterate();
                assertThat(loss.estimates() - estimates).as("iteration %d", k).isEqualTo(builds ? 1 : 0);
            }
        }
    }

    /**
     * After a gain below 0.3 % an estimate is used once more. A Newton step has 4 products, or 10 after a gain below
     * 0.01 %. An estimate from few rows is so poor that they are used.
     */
    @ParameterizedTest
    @CsvSource({"0.002, false, 4", "0.0005, true, 5", "0.02, false, 4"})
    void sparseIterationsUseAnEstimateTwice(double l1, boolean alwaysNewton, int most) {
        SeparablePenalty penalty = small.elasticNet(l1, 1e-5);
        Iterate at = start(penalty);
        follow(at, new SparseIterations(at, penalty, alwaysNewton, 2e5, SmallRows.POOL), alwaysNewton, false, most);
    }

    @ParameterizedTest
    @CsvSource({"0.002, false, 5", "0.002, true, 5", "0.02, false, 5"})
    void groupedIterationsUseAnEstimateTwice(double l1, boolean alwaysNewton, int most) {
        GroupedPenalty penalty = small.grouped(l1, 1e-5);
        Iterate at = start(penalty);
        follow(at, new GroupedIterations(at, penalty, alwaysNewton, 2e5, SmallRows.POOL), alwaysNewton, true, most);
    }

    private void follow(Iterate at, Iterations iterations, boolean alwaysNewton, boolean grouped, int expected) {
        boolean kept = false;
        double gain = Double.POSITIVE_INFINITY;
        int most = 0;
        try (iterations) {
            for (int k = 0; k < 14; k++) {
                double before = at.objective();
                kept = k > 0 && !kept && gain < 3e-3 * before;
                int estimates = loss.estimates();
                int products = loss.products();
                boolean[] support = at.nonZeros();
                iterations.iterate();
                assertThat(loss.estimates() - estimates).as("iteration %d", k).isEqualTo(kept ? 0 : 1);
                products = loss.products() - products;
                boolean few = gain >= 1e-4 * before && !grouped;
                assertThat(products).as("products of iteration %d", k).isLessThanOrEqualTo(few ? 4 : 10);
                if (k == 0) {
                    assertThat(products > 0)
                            .as("a Newton step in the first iteration")
                            .isEqualTo(alwaysNewton);
                    assertThat(products).isLessThanOrEqualTo(4);
                    assertThat(at.nonZeros()).isNotEqualTo(support);
                }
                gain = before - at.objective();
                if (k > 0 && gain > 1e-12 && gain < 1e-5 * before) {
                    assertThat(products).isPositive();
                }
                most = Math.max(most, products);
            }
        }
        assertThat(most).isGreaterThanOrEqualTo(expected);
    }

    private interface Maker {
        Iterations of(Iterate at, boolean alwaysNewton);
    }

    private void sparse(Maker maker, Penalty penalty, double minimum, boolean alwaysNewton, int expected) {
        Iterate at = start(penalty);
        try (Iterations iterations = maker.of(at, alwaysNewton)) {
            int count = minimises(iterations, at, minimum, 1e-9);
            assertThat(count).isLessThanOrEqualTo(expected);
            assertThat(loss.estimates()).isLessThanOrEqualTo(count).isGreaterThanOrEqualTo(count / 2);
            assertThat(loss.products()).isLessThanOrEqualTo(3 * count);
            assertThat(loss.products()).isPositive();
            assertThat(loss.hessians()).isZero();
            // With little gain, every second iteration uses the estimate again.
            iterations.iterate();
            iterations.iterate();
            int estimates = loss.estimates();
            iterations.refresh();
            iterations.iterate();
            assertThat(loss.estimates()).as("after a refresh").isEqualTo(estimates + 1);
            assertThat(iterations.refresh()).as("a new estimate").isFalse();
            iterations.iterate();
            iterations.iterate();
            assertThat(loss.estimates()).isEqualTo(estimates + 2);
            assertThat(iterations.refresh()).as("the estimate again").isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.02, 0.05, false, 3",
        "0.02, 0.05, true, 2",
        "0.05, 0, false, 3",
        "0.05, 0, true, 2",
        "0.002, 0.001, true, 3"
    })
    void sparseIterations(double l1, double l2, boolean alwaysNewton, int expected) {
        SeparablePenalty penalty = small.elasticNet(l1, l2);
        sparse(
                (at, newton) -> new SparseIterations(at, penalty, newton, BUDGET, SmallRows.POOL),
                penalty,
                minimum(l1, l2, false),
                alwaysNewton,
                expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.02, 0.05, false, 3",
        "0.02, 0.05, true, 2",
        "0.05, 0, false, 3",
        "0.05, 0, true, 2",
        "0.005, 0.001, true, 3"
    })
    void groupedIterations(double l1, double l2, boolean alwaysNewton, int expected) {
        GroupedPenalty penalty = small.grouped(l1, l2);
        sparse(
                (at, newton) -> new GroupedIterations(at, penalty, newton, BUDGET, SmallRows.POOL),
                penalty,
                minimum(l1, l2, true),
                alwaysNewton,
                expected);
    }

    /**
     * A working set has the non-zero weights and the largest violators: 300, or 0.6 times the others if this is more. A
     * tiny kink makes nearly all of its weights non-zero.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWorkingSetTakesTheLargestViolators(boolean grouped) {
        tearDown();
        open(new SmallRows(24, 349, 3));
        int width = small.rows.width();
        Penalty penalty = grouped ? small.grouped(1e-9, 0.3) : small.elasticNet(1e-9, 0.3);
        Iterate at = start(penalty);
        try (Iterations iterations = penalty instanceof GroupedPenalty norms
                ? new GroupedIterations(at, norms, false, BUDGET, SmallRows.POOL)
                : new SparseIterations(at, (SeparablePenalty) penalty, false, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 3; k++) {
                boolean[] expected = working(at, grouped, width);
                iterations.iterate();
                assertThat(loss.estimates()).isEqualTo(k + 1);
                int wrong = 0;
                for (int i = 0; i < expected.length; i++) {
                    boolean chosen = at.parameters()[i] != 0;
                    wrong += i % width != width - 1 && chosen != expected[i] ? 1 : 0;
                }
                assertThat(wrong).as("iteration %d", k).isZero();
            }
        }
    }

    private static boolean[] working(Iterate at, boolean grouped, int width) {
        double[] slope = at.subgradient();
        int size = slope.length;
        double[] violation = new double[size];
        boolean[] chosen = new boolean[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            for (int c = i % width; c < size; c += width) {
                violation[i] = Math.hypot(violation[i], grouped || c == i ? slope[c] : 0);
            }
            chosen[i] = i % width == width - 1 || at.parameters()[i] != 0;
            violation[i] = chosen[i] ? 0 : violation[i];
            count += chosen[i] ? 1 : 0;
        }
        int room = grouped ? 3 * Math.max(100, (int) (0.6 * (count / 3))) : Math.max(300, (int) (0.6 * count));
        double[] sorted = Arrays.stream(violation).sorted().toArray();
        double limit = sorted[size - Math.min(room, size)];
        for (int i = 0; i < size; i++) {
            chosen[i] |= violation[i] > 0 && violation[i] >= limit;
        }
        return chosen;
    }
}
