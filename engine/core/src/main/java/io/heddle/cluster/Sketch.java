package io.heddle.cluster;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.random.RandomGenerator;

/**
 * Short sketches of rows: the coordinates along the leading components of the data, and the length of the residual. The
 * components are orthonormal, so the distance of two sketches is a lower bound of the distance of their rows. This
 * rules out most centres without reading the row.
 *
 * <p>The bound holds for the computed sketches after {@code margin}, the rounding error of both, is subtracted.
 */
final class Sketch implements AutoCloseable {
    private static final int NARROW = 32;
    private static final int WIDE = 64;
    /** From this number of clusters on, wide sketches save more distances than their products cost. */
    private static final int MINIMUM_FOR_WIDE = 256;
    /** Maximum number of rows per call of {@link #project}. */
    static final int BLOCK = 128;

    /** Below this number of rows, as of centres, smaller blocks give work to more threads. */
    private static final int FEW = 8 * BLOCK;

    private static final int SMALL_BLOCK = 32;
    private static final int SAMPLE = 2048;
    private static final int MINIMUM_COLUMNS = 4 * NARROW;
    private static final Kernels KERNELS = Simd.kernels();

    private final int d;
    private final int width;
    private final FloatMatrix mean;
    private final Panels directions;
    private final FloatMatrix zeros;
    private final double rounding;

    private Sketch(FloatMatrix mean, FloatMatrix components, int width) {
        this.mean = mean;
        this.width = width;
        d = mean.columns();
        directions = Panels.packTransposed(components);
        zeros = FloatMatrix.allocate(1, width);
        // The rounding error of sums of d products in float, with a margin.
        rounding = 4 * 0x1p-24 * Math.sqrt(d);
    }

    /** Whether sketches save time for data of this shape. */
    static boolean pays(long rows, int columns) {
        return columns >= MINIMUM_COLUMNS && rows >= SAMPLE;
    }

    private static int width(int clusters, int columns) {
        return clusters >= MINIMUM_FOR_WIDE && columns >= 4 * WIDE ? WIDE : NARROW;
    }

    /** One number is the length of the residual, and one is padding. */
    private static int directions(int width) {
        return width - 2;
    }

    /** The column with the length of the residual. */
    static int residual(int width) {
        return directions(width);
    }

    /** Numbers in a sketch. */
    int width() {
        return width;
    }

    /**
     * Computes the directions from a sample of the rows.
     *
     * @param mean 1 × d, subtracted before sketching; must stay open as long as this object
     * @param clusters the number of centres to compare rows with
     */
    static Sketch learn(DataMatrix x, FloatMatrix mean, int clusters, RandomGenerator random, WorkerPool pool) {
        int width = width(clusters, x.columns());
        Pca.Options options = Pca.Options.defaults()
                .withComponents(directions(width))
                .withSolver(Pca.Solver.RANDOMIZED)
                .withOversampling(0)
                .withPowerIterations(1)
                .withSeed(random.nextLong());
        try (FloatMatrix sample = RowSample.draw(x, SAMPLE, random, pool);
                PcaModel pca = Pca.fit(sample, options, pool)) {
            return new Sketch(mean, pca.components(), width);
        }
    }

    /** Scratch memory for {@link #project}, for each worker. */
    FloatMatrix scratch(WorkerPool pool) {
        return FloatMatrix.allocate((long) pool.threads() * BLOCK, d);
    }

    /**
     * Sketches rows on the thread of a worker.
     *
     * @param rows at most {@value #BLOCK}
     * @param out receives the sketches from row {@code outFrom} on
     * @return the maximum of their margins
     */
    double project(FloatMatrix x, long from, int rows, FloatMatrix out, long outFrom, FloatMatrix scratch, int worker) {
        long first = (long) worker * BLOCK;
        for (int i = 0; i < rows; i++) {
            KERNELS.subtract(
                    x.segment(),
                    x.offset(from + i),
                    mean.segment(),
                    0,
                    scratch.segment(),
                    scratch.offset(first + i),
                    d);
        }
        Gemm.multiplyRows(scratch, first, first + rows, directions, out, outFrom);
        double margin = 0;
        for (int i = 0; i < rows; i++) {
            long at = scratch.offset(first + i);
            double squares = KERNELS.dot(scratch.segment(), at, scratch.segment(), at, d);
            double told = KERNELS.squaredDistance(out.segment(), out.offset(outFrom + i), zeros.segment(), 0, width);
            double rest = Math.sqrt(Math.max(0, squares - told));
            out.set(outFrom + i, residual(width), (float) rest);
            margin = Math.max(margin, margin(Math.sqrt(squares), rest));
        }
        return margin;
    }

    /** The maximum error of a sketch: of its coordinates, and of the residual, which is the root of a difference. */
    private double margin(double length, double rest) {
        double coordinates = rounding * length;
        double ofRoot = Math.sqrt(3 * rounding) * length;
        return coordinates + (rest > 0 ? Math.min(ofRoot, 1.5 * coordinates * length / rest) : ofRoot);
    }

    /**
     * Sketches of rows.
     *
     * @param rows n × width
     * @param margin maximum error of a sketch
     */
    record Sketches(FloatMatrix rows, double margin) implements AutoCloseable {
        /** Those of rows {@code from} to {@code to}, exclusive; not closed separately. */
        Sketches of(long from, long to) {
            return new Sketches(rows.rows(from, to), margin);
        }

        /** Room for copies of some of these. */
        Sketches empty(int count) {
            return new Sketches(FloatMatrix.allocate(count, rows.columns()), margin);
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    /** Sketches all rows with all threads. */
    Sketches projectAll(DataMatrix x, WorkerPool pool) {
        FloatMatrix out = FloatMatrix.allocate(x.rows(), width);
        try (FloatMatrix scratch = scratch(pool)) {
            return new Sketches(out, projectAll(x, out, scratch, pool));
        } catch (RuntimeException | Error e) {
            // An interrupt may end the fit.
            out.close();
            throw e;
        }
    }

    /** Sketches all rows into the rows of {@code out}; returns the margin. */
    double projectAll(DataMatrix x, FloatMatrix out, FloatMatrix scratch, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), x.rows() < FEW ? SMALL_BLOCK : BLOCK);
        double[] margins = new double[slices.count()];
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (long from = slices.from(slice); from < slices.to(slice); from += BLOCK) {
                    int rows = (int) Math.min(BLOCK, slices.to(slice) - from);
                    FloatMatrix block = blocks.get(from, from + rows, worker);
                    double margin = project(block, 0, rows, out, from, scratch, worker);
                    margins[slice] = Math.max(margins[slice], margin);
                }
            });
        }
        double margin = 0;
        for (double m : margins) {
            margin = Math.max(margin, m);
        }
        return margin;
    }

    @Override
    public void close() {
        directions.close();
        zeros.close();
    }
}
