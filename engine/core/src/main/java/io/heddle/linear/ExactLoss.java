package io.heddle.linear;

import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.DoubleRows;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * The loss in double. Rows are centred in double when they are read. It is used if float sums are not accurate enough,
 * for small data, and for the objective and the certificate of a model. It takes about four times as long as
 * {@link SoftmaxLoss}.
 */
final class ExactLoss implements RowLoss {
    private static final Kernels KERNELS = Simd.kernels();
    private static final double ROUNDING = 1e-15;
    private static final int MAXIMUM_BLOCK = 128;
    /** Doubles of a block of rows: 1 MB, which stays in L2. */
    private static final int BLOCK_VALUES = 1 << 17;

    private static final int MAXIMUM_SLICES = 32;
    /** Maximum number of parameters for which the Hessian is computed; it then takes 32 MB. */
    private static final int MAXIMUM_DENSE = 2_048;
    /** Maximum number of doubles in the gradients of all slices: 64 MB. */
    private static final long MAXIMUM_SLICE_VALUES = 1L << 23;

    private final TrainingRows data;
    private final WorkerPool pool;
    private final RowBlocks blocks;
    private final Scratch[] scratch;
    private final int rows;
    private final double total;
    private final int classes;
    private final ExactSoftmax softmax;
    private final int features;
    private final int height;
    private final int slices;
    /** Null if only {@link #evaluate} is used; so is the next field. */
    private final DoubleRows logits;

    private final DoubleRows probabilities;
    /** Null before the first direction. */
    private DoubleRows step;

    /** features × classes. */
    private final double[] weights;

    private final double[] biases;
    private final double[][] sliceGradients;
    private final double[][] sliceBiases;
    private final double[] sliceLosses;
    private int passes;

    /** The arrays of one worker. */
    private static final class Scratch {
        final int worker;
        final double[] x;
        final float[] row;
        final double[] z;
        final double[] p;
        final double[] u;

        Scratch(int worker, int height, int features, int classes) {
            this.worker = worker;
            x = new double[height * features];
            row = new float[features];
            z = new double[height * classes];
            p = new double[height * classes];
            u = new double[height * classes];
        }
    }

    /** A loss that supports all operations. */
    static ExactLoss of(TrainingRows data, WorkerPool pool) {
        return new ExactLoss(data, true, pool);
    }

    /** The mean loss at a point, and its gradient. */
    static double measure(TrainingRows data, double[] parameters, double[] gradient, WorkerPool pool) {
        try (ExactLoss loss = new ExactLoss(data, false, pool)) {
            return loss.evaluate(parameters, gradient);
        }
    }

    private ExactLoss(TrainingRows data, boolean solves, WorkerPool pool) {
        this.data = data;
        this.pool = pool;
        rows = data.count();
        total = data.total();
        classes = data.classes();
        softmax = new ExactSoftmax(classes);
        features = data.width() - 1;
        height = Math.clamp(BLOCK_VALUES / features, 4, MAXIMUM_BLOCK);
        blocks = RowBlocks.of(data.x(), height, pool);
        scratch = new Scratch[pool.threads()];
        logits = solves ? DoubleRows.allocate(rows, classes) : null;
        probabilities = solves ? DoubleRows.allocate(rows, classes) : null;
        long affordable = Math.clamp(MAXIMUM_SLICE_VALUES / ((long) classes * features), 2, MAXIMUM_SLICES);
        slices = (int) Math.clamp(rows / (8L * height), 1, affordable);
        weights = new double[features * classes];
        biases = new double[classes];
        sliceGradients = new double[slices][classes * features];
        sliceBiases = new double[slices][classes];
        sliceLosses = new double[slices];
    }

    /** Off-heap bytes without a direction. */
    static long bytes(int rows, int classes) {
        return 2L * rows * classes * Double.BYTES;
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
        return true;
    }

    @Override
    public int passes() {
        return (passes + 1) / 2;
    }

    @Override
    public void probabilities(int row, float[] p) {
        for (int c = 0; c < classes; c++) {
            p[c] = (float) probabilities.get(row, c);
        }
    }

    /** As {@link #probabilities(int, float[])}, in double. */
    void probabilities(int row, double[] p) {
        probabilities.load(row, 1, p);
    }

    private int sliceStart(int slice) {
        long count = (rows + height - 1L) / height;
        return (int) Math.min(rows, count * slice / slices * height);
    }

    @FunctionalInterface
    private interface BlockBody {
        /** @return the term that is added to the loss of the slice */
        double run(int from, int count, int slice, Scratch own);
    }

    private double sweep(BlockBody body) {
        pool.run(slices, (slice, worker) -> {
            if (scratch[worker] == null) {
                scratch[worker] = new Scratch(worker, height, features, classes);
            }
            double sum = 0;
            int end = sliceStart(slice + 1);
            for (int from = sliceStart(slice); from < end; from += height) {
                // There may be only two slices, each with half of the rows.
                WorkerPool.checkInterrupted();
                sum += body.run(from, Math.min(end - from, height), slice, scratch[worker]);
            }
            sliceLosses[slice] = sum;
        });
        double loss = 0;
        for (double sum : sliceLosses) {
            loss += sum;
        }
        return loss / total;
    }

    private void clearGradients() {
        for (int slice = 0; slice < slices; slice++) {
            Arrays.fill(sliceGradients[slice], 0);
            Arrays.fill(sliceBiases[slice], 0);
        }
    }

    private void fold(double[] parameters) {
        double[] scale = transform().scale();
        for (int c = 0; c < classes; c++) {
            int from = c * (features + 1);
            for (int j = 0; j < features; j++) {
                weights[j * classes + c] = parameters[from + j] * scale[j];
            }
            biases[c] = transform().constant() * parameters[from + features];
        }
    }

    /** Reads rows and subtracts the means. */
    private void centre(int from, int count, Scratch own) {
        FloatMatrix block = blocks.get(from, (long) from + count, own.worker);
        for (int i = 0; i < count; i++) {
            block.getRow(i, own.row);
            subtract(own.row, transform().shift(), own.x, i * features);
        }
    }

    private static void subtract(float[] row, double[] shift, double[] out, int from) {
        for (int j = 0; j < shift.length; j++) {
            out[from + j] = row[j] - shift[j];
        }
    }

    /** z ← W x + b for the rows in the block of the worker. */
    private void multiply(int count, Scratch own, double[] z) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(biases, 0, z, i * classes, classes);
        }
        KERNELS.multiplyDoubles(
                count, classes, features, own.x, 0, features, 1, weights, 0, classes, z, 0, classes, true);
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        fold(parameters);
        clearGradients();
        double loss = sweep((from, count, slice, own) -> {
            centre(from, count, own);
            multiply(count, own, own.z);
            return finish(from, count, slice, own);
        });
        passes += 2;
        merge(gradient);
        return loss;
    }

    /** Softmax, loss, residuals and gradient of a block whose rows and logits are known. */
    private double finish(int from, int count, int slice, Scratch own) {
        double loss = 0;
        for (int i = 0; i < count; i++) {
            loss += rowWeight(from + i) * softmax.apply(own.z, own.p, i * classes, data.labels()[from + i]);
        }
        if (logits != null) {
            logits.store(own.z, from, count);
            probabilities.store(own.p, from, count);
        }
        for (int i = 0; i < count; i++) {
            softmax.toResiduals(own.p, i * classes, data.labels()[from + i], rowWeight(from + i));
        }
        accumulate(own.p, count, slice, own);
        return loss;
    }

    private void accumulate(double[] residuals, int count, int slice, Scratch own) {
        double[] sums = sliceBiases[slice];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < classes; c++) {
                sums[c] += residuals[i * classes + c];
            }
        }
        KERNELS.multiplyDoubles(
                classes,
                features,
                count,
                residuals,
                0,
                1,
                classes,
                own.x,
                0,
                features,
                sliceGradients[slice],
                0,
                features,
                true);
    }

    private void merge(double[] gradient) {
        double[] scale = transform().scale();
        Arrays.fill(gradient, 0);
        for (int slice = 0; slice < slices; slice++) {
            for (int c = 0; c < classes; c++) {
                int at = c * (features + 1);
                for (int j = 0; j < features; j++) {
                    gradient[at + j] += sliceGradients[slice][c * features + j];
                }
                gradient[at + features] += sliceBiases[slice][c];
            }
        }
        for (int i = 0; i < gradient.length; i++) {
            int j = i % (features + 1);
            gradient[i] = gradient[i] * (j < features ? scale[j] : transform().constant()) / total;
        }
    }

    @Override
    public void hessianProduct(double[] v, double[] hv) {
        fold(v);
        clearGradients();
        sweep((from, count, slice, own) -> {
            centre(from, count, own);
            multiply(count, own, own.u);
            probabilities.load(from, count, own.p);
            for (int i = 0; i < count; i++) {
                softmax.curve(own.p, own.u, i * classes, rowWeight(from + i));
            }
            accumulate(own.u, count, slice, own);
            return 0;
        });
        passes += 2;
        merge(hv);
    }

    @Override
    public void setDirection(double[] direction) {
        if (step == null) {
            step = DoubleRows.allocate(rows, classes);
        }
        fold(direction);
        sweep((from, count, slice, own) -> {
            centre(from, count, own);
            multiply(count, own, own.u);
            step.store(own.u, from, count);
            return 0;
        });
        passes++;
    }

    /** Logits of a block at the point plus t times the step. */
    private void move(double t, int from, int count, Scratch own) {
        logits.load(from, count, own.z);
        step.load(from, count, own.u);
        for (int i = 0; i < count * classes; i++) {
            own.z[i] += t * own.u[i];
        }
    }

    @Override
    public double lossAlong(double t) {
        return sweep((from, count, slice, own) -> {
            move(t, from, count, own);
            double loss = 0;
            for (int i = 0; i < count; i++) {
                loss += rowWeight(from + i) * softmax.apply(own.z, own.p, i * classes, data.labels()[from + i]);
            }
            return loss;
        });
    }

    @Override
    public double advance(double t, double[] gradient) {
        clearGradients();
        double loss = sweep((from, count, slice, own) -> {
            move(t, from, count, own);
            centre(from, count, own);
            return finish(from, count, slice, own);
        });
        passes++;
        merge(gradient);
        return loss;
    }

    @Override
    public double meanNegativeEntropy(double s) {
        return sweep((from, count, slice, own) -> {
            probabilities.load(from, count, own.p);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += rowWeight(from + i) * softmax.negativeEntropy(s, own.p, i * classes, data.labels()[from + i]);
            }
            return sum;
        });
    }

    @Override
    public double[][] meanCurvature() {
        double[][][] partial = new double[slices][classes][classes];
        sweep((from, count, slice, own) -> {
            probabilities.load(from, count, own.p);
            for (int i = 0; i < count; i++) {
                softmax.addCurvature(own.p, i * classes, rowWeight(from + i) / total, partial[slice]);
            }
            return 0;
        });
        double[][] mean = new double[classes][classes];
        for (double[][] sum : partial) {
            for (int c = 0; c < classes; c++) {
                for (int e = 0; e < classes; e++) {
                    mean[c][e] += sum[c][e];
                }
            }
        }
        return mean;
    }

    @Override
    public int maximumDense() {
        return MAXIMUM_DENSE;
    }

    @Override
    public void hessian(double[] hessian) {
        pool.run(classes * classes, (pair, worker) -> {
            int a = pair / classes;
            int b = pair % classes;
            if (a <= b) {
                hessianBlock(a, b, hessian, worker);
            }
        });
    }

    /**
     * Computes the block of the Hessian for a pair of classes: weighted second moments of the transformed rows, with
     * the constant of the intercepts as their last element.
     *
     * @param hessian size × size; its block of rows of class a and columns of class b is overwritten
     * @param worker the number of the calling worker
     */
    private void hessianBlock(int a, int b, double[] hessian, int worker) {
        int width = features + 1;
        double[] scale = transform().scale();
        double[] scaled = new double[height * width];
        double[] weighted = new double[height * width];
        double[] sum = new double[width * width];
        double[] p = new double[classes];
        Scratch own = new Scratch(worker, height, features, 1);
        for (int from = 0; from < rows; from += height) {
            WorkerPool.checkInterrupted();
            int count = Math.min(rows - from, height);
            centre(from, count, own);
            for (int i = 0; i < count; i++) {
                probabilities(from + i, p);
                double weight = rowWeight(from + i) * ExactSoftmax.curvature(p, a, b) / total;
                for (int j = 0; j < width; j++) {
                    double v = j < features
                            ? own.x[i * features + j] * scale[j]
                            : transform().constant();
                    scaled[i * width + j] = v;
                    weighted[i * width + j] = weight * v;
                }
            }
            KERNELS.multiplyDoubles(
                    width, width, count, weighted, 0, 1, width, scaled, 0, width, sum, 0, width, from > 0);
        }
        for (int j = 0; j < width; j++) {
            System.arraycopy(sum, j * width, hessian, (a * width + j) * size() + b * width, width);
        }
    }

    @Override
    public void close() {
        blocks.close();
        if (logits != null) {
            logits.close();
            probabilities.close();
        }
        if (step != null) {
            step.close();
        }
    }
}
