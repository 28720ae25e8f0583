package io.heddle.linear;

import io.heddle.linear.LossTask.Sum;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * The loss over rows in partitions: each sum is one task.
 *
 * <p>A move along a direction evaluates the loss and its gradient at the new parameters. So a full step, which is
 * usual, requires one task. Every value depends only on the parameters, not on the previous points. Hessians are
 * estimated from a sample of the rows in memory.
 */
final class PartitionedLoss implements Loss {
    /** Maximum number of parameters for a whole Hessian: each partition sends 4 MB. */
    private static final int MAXIMUM_DENSE = 1_024;

    private final PartitionedRows partitions;
    private final PartitionSetup setup;
    private final double[] classWeights;
    private final boolean exact;
    private final RowLoss sample;
    private double[] sampledAt;
    private Evaluated current;
    private double[] direction;
    private double step;
    private Evaluated ahead;
    private int halfPasses;

    /** The mean loss at a point, and its gradient. */
    private record Evaluated(double[] point, double loss, double[] gradient) {}

    /**
     * @param classWeights the sum of the weights of each class
     * @param exact whether sums are in double
     * @param sample of the rows, in memory
     */
    PartitionedLoss(
            PartitionedRows partitions,
            PartitionSetup setup,
            double[] classWeights,
            boolean exact,
            TrainingRows sample,
            WorkerPool pool) {
        this.partitions = partitions;
        this.classWeights = classWeights;
        this.setup = setup;
        this.exact = exact;
        this.sample = exact ? ExactLoss.of(sample, pool) : new SoftmaxLoss(sample, pool);
    }

    @Override
    public long rows() {
        return setup.total();
    }

    @Override
    public int classes() {
        return setup.classes();
    }

    @Override
    public double[] classWeights() {
        return classWeights.clone();
    }

    @Override
    public int width() {
        return setup.width();
    }

    @Override
    public double rounding() {
        return sample.rounding();
    }

    @Override
    public boolean exact() {
        return exact;
    }

    private double[] sum(Sum sum, double[] point, double[] vector, double scale) {
        WorkerPool.checkInterrupted();
        return partitions.sum(new LossTask(setup, sum, exact, point, vector, scale));
    }

    private Evaluated evaluated(double[] point) {
        double[] sums = sum(Sum.LOSS, point, null, 0);
        halfPasses += 2;
        return new Evaluated(point, sums[size()], Arrays.copyOf(sums, size()));
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        if (current == null || !Arrays.equals(current.point(), parameters)) {
            current = evaluated(parameters.clone());
        }
        return at(current, gradient);
    }

    private static double at(Evaluated evaluated, double[] gradient) {
        System.arraycopy(evaluated.gradient(), 0, gradient, 0, gradient.length);
        return evaluated.loss();
    }

    @Override
    public void hessianProduct(double[] v, double[] hv) {
        double[] product = sum(Sum.HESSIAN_PRODUCT, current.point(), v.clone(), 0);
        halfPasses += 2;
        System.arraycopy(product, 0, hv, 0, hv.length);
    }

    @Override
    public void setDirection(double[] newDirection) {
        direction = newDirection.clone();
        ahead = null;
    }

    @Override
    public double lossAlong(double t) {
        if (ahead == null || step != t) {
            double[] point = current.point().clone();
            for (int i = 0; i < point.length; i++) {
                point[i] += t * direction[i];
            }
            ahead = evaluated(point);
            step = t;
        }
        return ahead.loss();
    }

    @Override
    public double advance(double t, double[] gradient) {
        lossAlong(t);
        current = ahead;
        ahead = null;
        return at(current, gradient);
    }

    @Override
    public double meanNegativeEntropy(double s) {
        return sum(Sum.NEGATIVE_ENTROPY, current.point(), null, s)[0];
    }

    @Override
    public double[][] meanCurvature() {
        double[] sums = sum(Sum.CURVATURE, current.point(), null, 0);
        double[][] mean = new double[classes()][];
        Arrays.setAll(mean, c -> Arrays.copyOfRange(sums, c * classes(), (c + 1) * classes()));
        return mean;
    }

    @Override
    public int maximumDense() {
        return exact ? MAXIMUM_DENSE : 0;
    }

    @Override
    public void hessian(double[] hessian) {
        double[] packed = sum(Sum.HESSIAN, current.point(), null, 0);
        int size = size();
        int from = 0;
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                hessian[i * size + j] = packed[from];
                hessian[j * size + i] = packed[from++];
            }
        }
    }

    @Override
    public RowLoss curvatureRows() {
        if (!Arrays.equals(sampledAt, current.point())) {
            sample.evaluate(current.point(), new double[size()]);
            sampledAt = current.point();
        }
        return sample;
    }

    @Override
    public int passes() {
        return (halfPasses + 1) / 2;
    }

    /** Frees the sample's memory; that of the partitions is freed with them. */
    @Override
    public void close() {
        sample.close();
    }
}
