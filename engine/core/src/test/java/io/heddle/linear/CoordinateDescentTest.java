package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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
                java.util.Arrays.setAll(every, i -> i);
                BlockHessian h = BlockHessian.build(loss, List.of(every), penalty, 1, 1e12, WorkerPool.shared())
                        .getFirst();
                double[] d = new double[size];
                CoordinateDescent.minimise(h, g, w, penalty, 2000, 1e-9, d);
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
                        java.util.Arrays.fill(unit, 0);
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
}
