package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The part of the rows of one partition in the sums of a fit, added block by block.
 *
 * <p>It stores the probabilities at the last point, and computes them from the rows for another point. So each result
 * depends only on the task: a partition that was lost and built again returns the same bits.
 */
final class PartitionLoss implements AutoCloseable {
    private final List<TrainingRows> blocks;
    private final PartitionSetup setup;
    private final WorkerPool pool;
    private final List<RowLoss> losses = new ArrayList<>();
    private final double[] gradient;
    private double value;
    /** The current point of the losses; null if there is none. */
    private double[] at;

    PartitionLoss(List<TrainingRows> blocks, PartitionSetup setup, WorkerPool pool) {
        this.blocks = blocks;
        this.setup = setup;
        this.pool = pool;
        gradient = new double[setup.size()];
    }

    boolean belongsTo(PartitionSetup other) {
        return setup.fit().equals(other.fit());
    }

    /** The gradient at a point, and after it the loss. */
    double[] evaluate(double[] point, boolean exact) {
        move(point, exact);
        double[] result = Arrays.copyOf(gradient, gradient.length + 1);
        result[gradient.length] = value;
        return result;
    }

    /**
     * Adds the parts of all blocks at a point.
     *
     * @param length of the sum
     * @param share writes the part of a block into zeros
     */
    double[] sum(double[] point, boolean exact, int length, BiConsumer<RowLoss, double[]> share) {
        move(point, exact);
        double[] sum = new double[length];
        for (RowLoss loss : losses) {
            double[] own = new double[length];
            share.accept(loss, own);
            add(own, sum);
        }
        return sum;
    }

    private void move(double[] point, boolean exact) {
        if (losses.isEmpty() || losses.getFirst().exact() != exact) {
            close();
            for (TrainingRows rows : blocks) {
                losses.add(exact ? ExactLoss.of(rows, pool) : new SoftmaxLoss(rows, pool));
            }
        }
        if (at != null && Arrays.equals(at, point)) {
            return;
        }
        // Remains null if an exception occurs.
        at = null;
        value = 0;
        Arrays.fill(gradient, 0);
        double[] own = new double[gradient.length];
        for (RowLoss loss : losses) {
            value += loss.evaluate(point, own);
            add(own, gradient);
        }
        at = point;
    }

    private static void add(double[] own, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += own[i];
        }
    }

    @Override
    public void close() {
        at = null;
        losses.forEach(RowLoss::close);
        losses.clear();
    }
}
