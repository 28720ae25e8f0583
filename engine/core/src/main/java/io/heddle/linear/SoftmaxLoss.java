package io.heddle.linear;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.LogitRows;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * The mean cross-entropy of a softmax model over the training rows. Value, gradient and Hessian products each take one
 * pass over the data: a block of rows is multiplied, its probabilities are computed, and it is multiplied again while
 * it is in the cache.
 *
 * <p>The logits and probabilities of the last point are kept. Parameters are classes × (features + 1) with the
 * intercept last, for the data after {@link FeatureTransform}. A pass is divided into slices, which depend only on the
 * data and are merged in order.
 */
final class SoftmaxLoss implements RowLoss {
    /** Relative accuracy of the mean loss with float logits. */
    private static final double ROUNDING = 1e-8;
    /** Rows of a block: their features stay in L2 between the product and its transpose. */
    private static final int BLOCK = 128;

    private static final int MAXIMUM_SLICES = 32;
    private static final long MAXIMUM_SLICE_BYTES = 128L << 20;

    private final TrainingRows data;
    private final RowBlocks blocks;
    private final int[] labels;
    private final int rows;
    private final double total;
    private final int classes;
    private final int width;
    private final FeatureTransform transform;
    private final WorkerPool pool;

    private final FloatMatrix logits;
    private final FloatMatrix probabilities;
    private final FloatMatrix weights;
    private final FloatMatrix biases;
    private final Panels panels;

    private final int slices;
    private final FloatMatrix sliceGradients;
    private final double[] sliceLosses;
    private final double[][] sliceBiases;
    private final FloatMatrix scratch;
    /** Null before the first direction. */
    private FloatMatrix step;

    private int passes;

    SoftmaxLoss(TrainingRows data, WorkerPool pool) {
        this.data = data;
        this.pool = pool;
        blocks = RowBlocks.of(data.x(), BLOCK, pool);
        labels = data.labels();
        rows = labels.length;
        total = data.total();
        classes = data.classes();
        width = data.width();
        transform = data.transform();
        int features = width - 1;
        logits = FloatMatrix.allocate(rows, classes);
        probabilities = FloatMatrix.allocate(rows, classes);
        weights = FloatMatrix.allocate(classes, features);
        biases = FloatMatrix.allocate(1, classes);
        panels = Panels.allocate(features, classes);
        slices = slices(rows, features, classes);
        sliceGradients = FloatMatrix.allocate((long) slices * classes, features);
        sliceLosses = new double[slices];
        sliceBiases = new double[slices][classes];
        scratch = FloatMatrix.allocate((long) pool.threads() * BLOCK, classes);
    }

    private static int slices(int rows, int features, int classes) {
        long sliceBytes = Math.max(1, FloatMatrix.bytesFor(classes, features));
        long affordable = Math.clamp(MAXIMUM_SLICE_BYTES / sliceBytes, 2, MAXIMUM_SLICES);
        return (int) Math.clamp(rows / (8L * BLOCK), 1, affordable);
    }

    /** Approximate off-heap bytes without a direction, for one thread. */
    static long bytes(int rows, int features, int classes) {
        long weights = FloatMatrix.bytesFor(classes, features);
        return 2 * FloatMatrix.bytesFor(rows, classes)
                + (2L + slices(rows, features, classes)) * weights
                + FloatMatrix.bytesFor(BLOCK, classes);
    }

    @Override
    public TrainingRows data() {
        return data;
    }

    @Override
    public double rounding() {
        return ROUNDING;
    }

    @Override
    public boolean exact() {
        return false;
    }

    /** Probabilities at the current point, rows × classes. */
    FloatMatrix probabilities() {
        return probabilities;
    }

    @Override
    public void probabilities(int row, float[] p) {
        probabilities.getRow(row, p);
    }

    /** The mean loss of some rows at the current point, from their probabilities; infinite if one is 0. */
    double meanLoss(long[] some) {
        double loss = 0;
        double weights = 0;
        for (long i : some) {
            double p = probabilities.get(i, labels[(int) i]);
            loss -= rowWeight((int) i) * Math.log(p);
            weights += rowWeight((int) i);
        }
        return loss / weights;
    }

    @Override
    public int passes() {
        return (passes + 1) / 2;
    }

    private int sliceStart(int slice) {
        long blocks = (rows + BLOCK - 1L) / BLOCK;
        return (int) Math.min(rows, blocks * slice / slices * BLOCK);
    }

    @FunctionalInterface
    private interface BlockBody {
        void run(int from, int to, int slice, int worker, FloatMatrix scratchBlock);
    }

    private void sweep(BlockBody body) {
        pool.run(slices, (slice, worker) -> {
            FloatMatrix block = scratch.rows((long) worker * BLOCK, (worker + 1L) * BLOCK);
            int end = sliceStart(slice + 1);
            for (int from = sliceStart(slice); from < end; from += BLOCK) {
                body.run(from, Math.min(end, from + BLOCK), slice, worker, block);
            }
        });
    }

    private void clearSlices() {
        sliceGradients.segment().fill((byte) 0);
        java.util.Arrays.fill(sliceLosses, 0);
        for (double[] b : sliceBiases) {
            java.util.Arrays.fill(b, 0);
        }
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        transform.fold(parameters, weights, biases);
        panels.repackTransposed(weights);
        clearSlices();
        sweep((from, to, slice, worker, block) -> {
            FloatMatrix x = blocks.get(from, to, worker);
            Gemm.multiplyRows(x, 0, to - from, panels, logits, from);
            LogitRows.addBiases(biases, logits, from, to - from);
            residuals(from, to, slice, block);
            accumulate(x, true, block, to - from, slice);
        });
        passes += 2;
        merge(gradient);
        return meanLoss();
    }

    /** Softmax, loss and residuals of a block whose logits are known. */
    private void residuals(int from, int to, int slice, FloatMatrix residuals) {
        double loss = 0;
        for (int i = from; i < to; i++) {
            double weight = rowWeight(i);
            loss += weight * LogitRows.residuals(logits, i, probabilities, residuals, i - from, labels[i], weight);
        }
        sliceLosses[slice] += loss;
    }

    /**
     * Adds the gradient of a block.
     *
     * @param cached whether the block was read just before
     */
    private void accumulate(FloatMatrix x, boolean cached, FloatMatrix residuals, int count, int slice) {
        for (int i = 0; i < count; i++) {
            Elements.addToSums(residuals, i, sliceBiases[slice]);
        }
        FloatMatrix out = sliceGradients.rows((long) slice * classes, (slice + 1L) * classes);
        if (cached) {
            Gemm.accumulateTransposed(residuals, 0, x, 0, count, out);
        } else {
            Gemm.accumulateTransposedFromMemory(residuals, 0, x, 0, count, out);
        }
    }

    private double meanLoss() {
        double loss = 0;
        for (double l : sliceLosses) {
            loss += l;
        }
        return loss / total;
    }

    /** Adds the slices in order and applies the transform: Σ r (x − shift) · scale. */
    private void merge(double[] gradient) {
        int d = width - 1;
        for (int c = 0; c < classes; c++) {
            double residual = 0;
            for (double[] b : sliceBiases) {
                residual += b[c];
            }
            int at = c * width;
            gradient[at + d] = transform.constant() * residual / total;
            java.util.Arrays.fill(gradient, at, at + d, -0.0);
            float[] row = new float[d];
            for (int slice = 0; slice < slices; slice++) {
                sliceGradients.getRow((long) slice * classes + c, row);
                add(row, gradient, at);
            }
            transform(residual, gradient, at);
        }
    }

    private static void add(float[] row, double[] sums, int at) {
        for (int j = 0; j < row.length; j++) {
            sums[at + j] += row[j];
        }
    }

    private void transform(double residual, double[] gradient, int at) {
        for (int j = 0; j < width - 1; j++) {
            gradient[at + j] = (gradient[at + j] - residual * transform.shift()[j])
                    * transform.scale()[j]
                    / total;
        }
    }

    @Override
    public void hessianProduct(double[] v, double[] hv) {
        transform.fold(v, weights, biases);
        panels.repackTransposed(weights);
        clearSlices();
        sweep((from, to, slice, worker, block) -> {
            FloatMatrix x = blocks.get(from, to, worker);
            Gemm.multiplyRows(x, 0, to - from, panels, block, 0);
            LogitRows.addBiases(biases, block, 0, to - from);
            for (int i = from; i < to; i++) {
                LogitRows.curve(probabilities, i, block, i - from, rowWeight(i));
            }
            accumulate(x, true, block, to - from, slice);
        });
        passes += 2;
        merge(hv);
    }

    @Override
    public void setDirection(double[] direction) {
        if (step == null) {
            step = FloatMatrix.allocate(rows, classes);
        }
        transform.fold(direction, weights, biases);
        panels.repackTransposed(weights);
        sweep((from, to, slice, worker, block) -> {
            Gemm.multiplyRows(blocks.get(from, to, worker), 0, to - from, panels, step, from);
            LogitRows.addBiases(biases, step, from, to - from);
        });
        passes++;
    }

    @Override
    public double lossAlong(double t) {
        java.util.Arrays.fill(sliceLosses, 0);
        sweep((from, to, slice, worker, block) -> {
            double loss = 0;
            for (int i = from; i < to; i++) {
                loss += rowWeight(i) * LogitRows.lossAlong(logits, step, t, i, labels[i], block, i - from);
            }
            sliceLosses[slice] += loss;
        });
        return meanLoss();
    }

    @Override
    public double advance(double t, double[] gradient) {
        clearSlices();
        sweep((from, to, slice, worker, block) -> {
            for (int i = from; i < to; i++) {
                LogitRows.move((float) t, step, logits, i);
            }
            residuals(from, to, slice, block);
            accumulate(blocks.get(from, to, worker), false, block, to - from, slice);
        });
        passes++;
        merge(gradient);
        return meanLoss();
    }

    @Override
    public double meanNegativeEntropy(double s) {
        java.util.Arrays.fill(sliceLosses, 0);
        sweep((from, to, slice, worker, block) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                double own = 0;
                for (int c = 0; c < classes; c++) {
                    double p = Elements.get(probabilities, i, c);
                    double q = labels[i] == c ? 1 - s + s * p : s * p;
                    own += q > 0 ? q * Math.log(q) : 0;
                }
                sum += rowWeight(i) * own;
            }
            sliceLosses[slice] += sum;
        });
        return meanLoss();
    }

    @Override
    public int maximumDense() {
        return 0;
    }

    @Override
    public void hessian(double[] hessian) {
        throw new UnsupportedOperationException("the whole Hessian is computed in double");
    }

    @Override
    public double[][] meanCurvature() {
        double[][][] partial = new double[slices][classes][classes];
        sweep((from, to, slice, worker, block) -> {
            float[] p = new float[classes];
            for (int i = from; i < to; i++) {
                probabilities.getRow(i, p);
                for (int c = 0; c < classes; c++) {
                    double[] row = partial[slice][c];
                    double weighted = rowWeight(i) * p[c];
                    row[c] += weighted;
                    for (int e = 0; e < classes; e++) {
                        row[e] -= weighted * p[e];
                    }
                }
            }
        });
        double[][] mean = new double[classes][classes];
        for (double[][] sum : partial) {
            for (int c = 0; c < classes; c++) {
                for (int e = 0; e < classes; e++) {
                    mean[c][e] += sum[c][e] / total;
                }
            }
        }
        return mean;
    }

    @Override
    public void close() {
        blocks.close();
        logits.close();
        probabilities.close();
        if (step != null) {
            step.close();
        }
        weights.close();
        biases.close();
        panels.close();
        sliceGradients.close();
        scratch.close();
    }
}
