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
        try (SmoothIterations smooth = new SmoothIterations(at, BUDGET, SmallRows.POOL);
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
        try (SmoothIterations iterations = new SmoothIterations(at, BUDGET, SmallRows.POOL)) {
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

    /** 1,200 parameters: one factor for each class, at first the same for all. */
    @Test
    void smoothIterationsOfManyParameters() {
        tearDown();
        open(new SmallRows(60, 299, 4));
        double l2 = 0.5;
        Iterate at = start(small.elasticNet(0, l2));
        try (SmoothIterations iterations = new SmoothIterations(at, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 7; k++) {
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
        try (SmoothIterations iterations = new SmoothIterations(at, BUDGET, SmallRows.POOL)) {
            for (int k = 0; k < 12; k++) {
                iterations.iterate();
            }
        }
        assertThat(at.objective()).isLessThan(1e-2);
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

    /** More violators than one working set takes: the largest 300 come first. */
    @Test
    void aWorkingSetTakesTheLargestViolators() {
        tearDown();
        open(new SmallRows(60, 199, 3));
        for (boolean grouped : new boolean[] {false, true}) {
            Penalty penalty = grouped ? small.grouped(1e-3, 0.1) : small.elasticNet(1e-3, 0.1);
            Iterate at = start(penalty);
            double[] size = at.subgradient();
            try (Iterations iterations = penalty instanceof GroupedPenalty g
                    ? new GroupedIterations(at, g, false, BUDGET, SmallRows.POOL)
                    : new SparseIterations(at, (SeparablePenalty) penalty, false, BUDGET, SmallRows.POOL)) {
                iterations.iterate();
            }
            int width = small.rows.width();
            double[] violation = new double[size.length];
            for (int i = 0; i < size.length; i++) {
                if (grouped) {
                    for (int c = i % width; c < size.length; c += width) {
                        violation[i] = Math.hypot(violation[i], size[c]);
                    }
                } else {
                    violation[i] = Math.abs(size[i]);
                }
            }
            double smallestChosen = Double.MAX_VALUE;
            double largestLeft = 0;
            int chosen = 0;
            for (int i = 0; i < size.length; i++) {
                if (i % width == width - 1) {
                    continue;
                }
                if (at.parameters()[i] != 0) {
                    smallestChosen = Math.min(smallestChosen, violation[i]);
                    chosen++;
                }
            }
            for (int i = 0; i < size.length; i++) {
                boolean left = i % width != width - 1 && at.parameters()[i] == 0;
                largestLeft = left ? Math.max(largestLeft, violation[i]) : largestLeft;
            }
            assertThat(chosen).isBetween(200, 300);
            // Of 597 weights, half are in the working set; some of these end at zero.
            double median = Arrays.stream(violation).sorted().toArray()[size.length - 303];
            assertThat(smallestChosen).isGreaterThanOrEqualTo(median * (1 - 1e-12));
            assertThat(largestLeft).isPositive();
        }
    }
}
