package io.heddle.linear;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Few random rows whose classes depend on the columns, for plain references of all sums. */
final class SmallRows implements AutoCloseable {
    static final WorkerPool POOL = WorkerPool.shared();

    final SplittableRandom random;
    final FloatMatrix x;
    final TrainingRows rows;

    SmallRows(int count, int columns, int classes, Scaling scaling, boolean intercepts, boolean weighted) {
        random = new SplittableRandom(31L * count + 7 * columns + classes);
        x = FloatMatrix.allocate(count, columns);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i < classes ? i : random.nextInt(classes);
            for (int j = 0; j < columns; j++) {
                x.set(i, j, (float) (random.nextGaussian() * (1 + j % 3) + (j % classes == labels[i] ? 1 : 0) + 0.5));
            }
        }
        double[] weights = null;
        if (weighted) {
            weights = random.doubles(count, 0.2, 1.8).toArray();
            double sum = Arrays.stream(weights).sum();
            for (int i = 0; i < count; i++) {
                weights[i] *= count / sum;
            }
        }
        FeatureTransform t = FeatureTransform.of(x, null, scaling, intercepts, 1e-4, POOL);
        rows = new TrainingRows(x, labels, weights, classes, t);
    }

    SmallRows(int count, int columns, int classes) {
        this(count, columns, classes, Scaling.STANDARDIZE, true, false);
    }

    int size() {
        return rows.classes() * rows.width();
    }

    double[] point(double largest) {
        return random.doubles(size(), -largest, largest).toArray();
    }

    /** The columns after their transform. */
    double[][] values() {
        FeatureTransform t = rows.transform();
        double[][] values = new double[rows.count()][x.columns()];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < x.columns(); j++) {
                values[i][j] = (x.get(i, j) - t.shift()[j]) * t.scale()[j];
            }
        }
        return values;
    }

    /** The minimum of the loss and an elastic net, by proximal gradient steps; for rows without weights. */
    double minimum(double l1, double l2, boolean grouped) {
        double[] ones = new double[x.columns()];
        Arrays.fill(ones, 1);
        return new ProximalGradient(values(), rows.labels(), rows.classes(), l1, l2, ones, grouped).minimum();
    }

    /** An elastic net whose factors are 1. */
    ElasticNetPenalty elasticNet(double l1, double l2) {
        return new ElasticNetPenalty(l1, l2, scale());
    }

    GroupedPenalty grouped(double l1, double l2) {
        return new GroupedPenalty(l1, l2, scale());
    }

    private PenaltyScale scale() {
        double[] ones = new double[x.columns()];
        Arrays.fill(ones, 1);
        return new PenaltyScale(ones, ones.clone());
    }

    /** The Hessian of the loss and of ½ l2 w² of all parameters but the intercepts. */
    double[][] hessian(double[] w, double l2) {
        double[][] hessian = new PlainSums(rows, w, 1).hessian();
        for (int i = 0; i < w.length; i++) {
            hessian[i][i] += i % rows.width() == rows.width() - 1 ? 0 : l2;
        }
        return hessian;
    }

    @Override
    public void close() {
        x.close();
    }
}
