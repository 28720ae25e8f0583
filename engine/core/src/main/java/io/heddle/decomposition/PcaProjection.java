package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Projects rows to the space of principal components and back.
 *
 * <p>Batches are products in float. If the data are far from zero, rows are centred first. Single rows of such data,
 * and all rows if a factor or a square leaves the range of float, are projected in double by {@link ExactProjection}.
 */
final class PcaProjection implements AutoCloseable {
    private static final int BLOCK = 128;
    private static final Kernels KERNELS = Simd.kernels();

    private final FloatMatrix components;
    private final FloatMatrix mean;
    private final Scaling scaling;
    private final double[] explainedVariance;
    private final double whitening;
    private final boolean far;
    private final boolean extreme;
    private final double[] scales;
    /** Null if float products are exact enough for single rows. */
    private final ExactProjection exact;

    private volatile RowMap rowMap;

    /** @param components closed with this */
    PcaProjection(FloatMatrix components, Scaling scaling, double[] explainedVariance, long rows, double whitening) {
        this.components = components;
        this.mean = scaling.meanRow();
        this.scaling = scaling;
        this.explainedVariance = explainedVariance;
        this.whitening = whitening;
        far = scaling.isFar(rows);
        double totalVariance = scaling.squaredDeviations() / (rows - 1);
        extreme = scaling.hasExtremeDeviation()
                || scaling.deviation() == null && BinaryScaling.isNeeded(totalVariance, totalVariance);
        scales = scales(totalVariance);
        exact = far || extreme ? new ExactProjection((int) components.rows(), scaling.mean(), this::weight) : null;
    }

    FloatMatrix transform(FloatMatrix x, WorkerPool pool) {
        int d = components.columns();
        int k = (int) components.rows();
        require(x.columns() == d, "data of %d columns does not fit a PCA of %d columns", x.columns(), d);
        FeatureNames.requireSame(x, components.columnNames());
        FiniteCheck.require(x, "the data", pool);
        if (extreme) {
            return mapped(x, k, exact::apply, pool);
        }
        try (FloatMatrix scaled = FloatMatrix.allocate(k, d);
                FloatMatrix origin = FloatMatrix.allocate(1, k)) {
            for (int i = 0; i < k; i++) {
                double at = 0;
                for (int j = 0; j < d; j++) {
                    float weight = (float) weight(i, j);
                    scaled.set(i, j, weight);
                    at += (far ? scaling.remainder(j) : scaling.mean()[j]) * weight;
                }
                origin.set(0, i, (float) at);
            }
            try (Panels panels = Panels.packTransposed(scaled)) {
                return product(x, far ? mean : null, panels, k, origin, -1, pool);
            }
        }
    }

    /** Maps one row to another. */
    @FunctionalInterface
    private interface RowMapping {
        void apply(float[] row, float[] out);
    }

    private static FloatMatrix mapped(FloatMatrix x, int columns, RowMapping mapping, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                x.rows(),
                columns,
                out -> pool.run(slices.count(), (slice, worker) -> {
                    float[] row = new float[x.columns()];
                    float[] made = new float[columns];
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        x.getRow(i, row);
                        mapping.apply(row, made);
                        out.setRow(i, made);
                    }
                }));
    }

    /** Returns the factor of a centred column in a coordinate. */
    private double weight(int component, int column) {
        return components.get(component, column) * scales[component] * scaling.factor(column);
    }

    void transform(float[] row, float[] out) {
        rowMap().apply(row, out);
        if (exact != null) {
            exact.apply(row, out);
        }
    }

    void requireRow(MemorySegment row) {
        rowMap().requireRow(row);
    }

    void transform(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        RowMap map = rowMap();
        float[] values = map.scratch();
        map.apply(rows, offset, values);
        if (exact != null) {
            exact.apply(rows, offset, values);
        }
        map.put(values, out, outOffset);
    }

    void transform(FloatBuffer row, FloatBuffer out) {
        RowMap map = rowMap();
        float[] values = map.scratch();
        map.apply(row, values);
        if (exact != null) {
            exact.apply(row, values);
        }
        map.put(values, out);
    }

    void warmUp() {
        rowMap().warmUp();
    }

    private RowMap rowMap() {
        RowMap map = rowMap;
        return map != null ? map : packRows();
    }

    /** If the weights are not used they are 0, and the map only validates rows. */
    private synchronized RowMap packRows() {
        if (rowMap == null) {
            int k = (int) components.rows();
            int d = components.columns();
            double[] origin = new double[k];
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < d; j++) {
                    origin[i] -= scaling.mean()[j] * weight(i, j);
                }
            }
            rowMap = RowMap.of(k, d, extreme ? (i, j) -> 0 : this::weight, extreme ? new double[k] : origin);
        }
        return rowMap;
    }

    double scale(int component) {
        return scales[component];
    }

    private double[] scales(double totalVariance) {
        double[] found = new double[explainedVariance.length];
        Arrays.fill(found, 1);
        if (whitening == 0) {
            return found;
        }
        for (int i = 0; i < found.length; i++) {
            // A direction without variance has only rounding error, which must not be amplified.
            double noise = Math.max(Math.sqrt(totalVariance) * 1e-6, length(i) * 0x1p-22);
            double deviation = Math.sqrt(explainedVariance[i]);
            found[i] = deviation > noise ? Math.pow(deviation, -2 * whitening) : 0;
        }
        return found;
    }

    /**
     * Returns the length of the mean, each column times its weight in a component. The rounding error of a coordinate
     * is proportional to it. A large constant column has no weight where others vary, and no rounding error there.
     */
    private double length(int component) {
        double squares = 0;
        for (int j = 0; j < scaling.columns(); j++) {
            squares += Math.pow(scaling.mean()[j] * scaling.factor(j) * components.get(component, j), 2);
        }
        return Math.sqrt(squares);
    }

    FloatMatrix inverseTransform(FloatMatrix z, WorkerPool pool) {
        int k = (int) components.rows();
        require(z.columns() == k, "coordinates of %d columns do not fit a PCA of %d components", z.columns(), k);
        FiniteCheck.require(z, "the coordinates", pool);
        if (extreme) {
            return mapped(z, components.columns(), this::restore, pool);
        }
        try (FloatMatrix scaled = components.copy()) {
            for (int i = 0; whitening > 0 && i < k; i++) {
                float scale = (float) Math.pow(explainedVariance[i], whitening);
                KERNELS.scale(scale, scaled.segment(), scaled.offset(i), components.columns());
            }
            for (int i = 0; scaling.deviation() != null && i < k; i++) {
                for (int j = 0; j < components.columns(); j++) {
                    scaled.set(i, j, (float) (scaled.get(i, j) * scaling.deviation()[j]));
                }
            }
            try (Panels panels = Panels.pack(scaled)) {
                return product(z, null, panels, components.columns(), mean, 1, pool);
            }
        }
    }

    /** In double. */
    private void restore(float[] coordinates, float[] out) {
        for (int j = 0; j < out.length; j++) {
            double sum = 0;
            for (int i = 0; i < coordinates.length; i++) {
                double unwhitened = whitening > 0 ? Math.pow(explainedVariance[i], whitening) : 1;
                sum += coordinates[i] * unwhitened * components.get(i, j);
            }
            out[j] = (float) (scaling.mean()[j] + sum / scaling.factor(j));
        }
    }

    /**
     * (A − 1·shift) · B + sign · 1·row, each block of rows finished while it is in cache. {@code shift} may be null.
     */
    private static FloatMatrix product(
            FloatMatrix a, FloatMatrix shift, Panels b, int columns, FloatMatrix row, float sign, WorkerPool pool) {
        FloatMatrix out = FloatMatrix.allocate(a.rows(), columns);
        long scratch = shift == null ? 0 : (long) pool.threads() * BLOCK;
        try (FloatMatrix shifted = FloatMatrix.allocate(scratch, a.columns())) {
            RowSlices slices = RowSlices.of(a.rows(), BLOCK);
            pool.run(slices.count(), (slice, worker) -> {
                long end = slices.to(slice);
                for (long from = slices.from(slice); from < end; from += BLOCK) {
                    long to = Math.min(end, from + BLOCK);
                    if (shift == null) {
                        Gemm.multiplyRows(a, from, to, b, out, from);
                    } else {
                        long own = (long) worker * BLOCK;
                        subtract(a, from, to, shift, shifted, own);
                        multiplyInto(shifted.rows(own, own + to - from), b, out.rows(from, to));
                    }
                    for (long i = from; i < to; i++) {
                        KERNELS.axpy(sign, row.segment(), 0, out.segment(), out.offset(i), columns);
                    }
                }
            });
            return out;
        } catch (RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    private static void multiplyInto(FloatMatrix a, Panels b, FloatMatrix out) {
        Gemm.multiplyRows(a, 0, a.rows(), b, out, 0);
    }

    private static void subtract(FloatMatrix a, long from, long to, FloatMatrix shift, FloatMatrix out, long outFrom) {
        for (long i = from; i < to; i++) {
            long at = out.offset(outFrom + i - from);
            KERNELS.subtract(a.segment(), a.offset(i), shift.segment(), 0, out.segment(), at, a.columns());
        }
    }

    @Override
    public synchronized void close() {
        components.close();
        mean.close();
        if (rowMap != null) {
            rowMap.close();
        }
    }
}
