package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinateDescentTest {
    private static SeparablePenalty penalty(double lambda, double l1Ratio, FeatureTransform transform) {
        var options = LogisticRegression.Options.defaults().withLambda(lambda).withL1Ratio(l1Ratio);
        return (SeparablePenalty) Penalties.of(options, transform);
    }

    @Test
    void satisfiesTheOptimalityConditionsOfItsQuadratic() {
        SplittableRandom random = new SplittableRandom(5);
        int rows = 400;
        int columns = 12;
        int classes = 3;
        int[] labels = random.ints(rows, 0, classes).toArray();
        try (FloatMatrix x = FloatMatrix.allocate(rows, columns)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, (float) (random.nextGaussian() + (labels[i] == j ? 1 : 0)));
                }
            }
            FeatureTransform t = FeatureTransform.of(
                    x, null, FeatureTransform.Scaling.WHERE_NEEDED, true, 0.015, WorkerPool.shared());
            SeparablePenalty penalty = penalty(0.05, 0.7, t);
            try (SoftmaxLoss loss =
                    new SoftmaxLoss(new TrainingRows(x, labels, null, classes, t), WorkerPool.shared())) {
                int size = loss.size();
                double[] w = random.doubles(size, -0.2, 0.2).toArray();
                double[] g = new double[size];
                loss.evaluate(w, g);
                int[] every = new int[size];
                Arrays.setAll(every, i -> i);
                BlockHessian h = BlockHessian.build(loss, List.of(every), penalty, 1, 1e12, WorkerPool.shared())
                        .getFirst();
                double[] d = new double[size];
                CoordinateDescent.minimise(h, g, w, penalty, 2000, 1e-9, d, WorkerPool.shared());
                for (int i = 0; i < size; i++) {
                    double q = penalty.smooth(i, g[i], w[i]);
                    for (int j = 0; j < size; j++) {
                        q += h.matrix().get(i, j) * d[j];
                    }
                    double u = w[i] + d[i];
                    double kink = penalty.kink(i);
                    double minimum = u != 0 ? q + Math.copySign(kink, u) : Math.max(0, Math.abs(q) - kink);
                    assertThat(minimum).isCloseTo(0, within(2e-5));
                }
                h.close();
            }
        }
    }

    @Test
    void theEstimateOnAllRowsIsTheHessian() {
        SplittableRandom random = new SplittableRandom(6);
        int rows = 700;
        int columns = 20;
        int classes = 4;
        int[] labels = random.ints(rows, 0, classes).toArray();
        try (FloatMatrix x = FloatMatrix.allocate(rows, columns)) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            FeatureTransform t =
                    FeatureTransform.of(x, null, FeatureTransform.Scaling.STANDARDIZE, true, 0, WorkerPool.shared());
            try (SoftmaxLoss loss =
                    new SoftmaxLoss(new TrainingRows(x, labels, null, classes, t), WorkerPool.shared())) {
                double[] w = random.doubles(loss.size(), -0.2, 0.2).toArray();
                double[] g = new double[loss.size()];
                loss.evaluate(w, g);
                int[] some = {0, 3, 20, 21, 25, 41, 44, 62, 63, 70, 83};
                Penalty none = penalty(0, 0, t);
                try (BlockHessian h = BlockHessian.build(loss, List.of(some), none, 1, 1e12, WorkerPool.shared())
                        .getFirst()) {
                    double[] unit = new double[loss.size()];
                    double[] column = new double[loss.size()];
                    for (int j = 0; j < some.length; j++) {
                        Arrays.fill(unit, 0);
                        unit[some[j]] = 1;
                        loss.hessianProduct(unit, column);
                        for (int i = 0; i < some.length; i++) {
                            assertThat((double) h.matrix().get(i, j)).isCloseTo(column[some[i]], within(2e-4));
                        }
                    }
                }
            }
        }
    }

    /** A test of a quadratic model of 60 rows in three classes. */
    private interface QuadraticTest {
        void run(BlockHessian h, double[] w, double[] g, ElasticNetPenalty penalty);
    }

    private static void onQuadratic(int columns, double lambda, QuadraticTest test) {
        try (SmallRows small = new SmallRows(60, columns, 3);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            ElasticNetPenalty penalty = small.elasticNet(lambda, 0.1);
            double[] w = small.point(0.3);
            int[] all = IntStream.range(0, w.length).toArray();
            double[] g = new double[w.length];
            loss.evaluate(w, g);
            try (BlockHessian h = BlockHessian.build(loss, List.of(all), penalty, 1, 1e12, SmallRows.POOL)
                    .getFirst()) {
                test.run(h, w, g, penalty);
            }
        }
    }

    /** Blocks and cycles against a plain loop in double, with the same rule for the end: one block and two. */
    @ParameterizedTest
    @CsvSource({"4, 1e-6", "127, 1e-5"})
    void coordinateDescentEndsAtTheSweepThatChangesLittle(int columns, double error) {
        onQuadratic(columns, 0.03, (h, w, g, penalty) -> {
            double[] first = plainSweeps(h.matrix(), w, g, penalty, 4, 0);
            double[] second = plainSweeps(h.matrix(), w, g, penalty, 8, 0);
            assertThat(second).isNotEqualTo(first);
            for (int sweeps : new int[] {1, 2, 4, 5, 8, 12, 13}) {
                agrees(h, w, g, penalty, sweeps, 0, error);
            }
            for (double tolerance : new double[] {1, 0.5, 0.2, 0.1, 0.05, 0.01, 1e-3}) {
                agrees(h, w, g, penalty, 1_000, tolerance, error);
            }
        });
    }

    /** With 1,293 coordinates two threads and three divide the rest of a block's rows. */
    @Test
    void anyNumberOfThreadsGivesTheSameBits() {
        onQuadratic(430, 0.003, (h, w, g, penalty) -> {
            double[] expected = plainSweeps(h.matrix(), w, g, penalty, 8, 0);
            double[][] directions = new double[3][w.length];
            for (int threads = 1; threads <= 3; threads++) {
                try (WorkerPool pool = WorkerPool.of(threads)) {
                    CoordinateDescent.minimise(h, g, w, penalty, 8, 0, directions[threads - 1], pool);
                }
                assertThat(directions[threads - 1])
                        .containsExactly(expected, within(1e-4))
                        .isEqualTo(directions[0]);
            }
        });
    }

    private static void agrees(
            BlockHessian h,
            double[] w,
            double[] g,
            ElasticNetPenalty penalty,
            int sweeps,
            double tolerance,
            double error) {
        double[] d = new double[w.length];
        CoordinateDescent.minimise(h, g, w, penalty, sweeps, tolerance, d, SmallRows.POOL);
        double[] expected = plainSweeps(h.matrix(), w, g, penalty, sweeps, tolerance);
        assertThat(d).as("%d sweeps, tolerance %s", sweeps, tolerance).containsExactly(expected, within(error));
    }

    private static double[] plainSweeps(
            FloatMatrix h, double[] w, double[] g, ElasticNetPenalty penalty, int sweeps, double tolerance) {
        int n = w.length;
        double[] u = w.clone();
        double reference = 0;
        for (int sweep = 0; sweep < sweeps; sweep += 4) {
            double largest = 0;
            for (int block = 0; block < n; block += 256) {
                for (int cycle = 0; cycle < 4; cycle++) {
                    for (int i = block; i < Math.min(n, block + 256); i++) {
                        double slope = g[i] + penalty.l2(i) * w[i];
                        for (int k = 0; k < n; k++) {
                            slope += h.get(i, k) * (u[k] - w[k]);
                        }
                        double a = h.get(i, i);
                        double z = u[i] - slope / a;
                        double next = Math.signum(z) * Math.max(Math.abs(z) - penalty.kink(i) / a, 0);
                        largest = cycle == 0 ? Math.max(largest, Math.abs(next - u[i]) * a) : largest;
                        u[i] = next;
                    }
                }
            }
            reference = Math.max(reference, largest);
            if (largest <= tolerance * reference) {
                break;
            }
        }
        double[] d = new double[n];
        Arrays.setAll(d, i -> u[i] - w[i]);
        return d;
    }
}
