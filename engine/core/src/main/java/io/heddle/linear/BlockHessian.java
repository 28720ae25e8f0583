package io.heddle.linear;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Hessian of the smooth part of the objective, estimated from chosen rows, for one group of coordinates:
 *
 * <pre>H[(c,j),(e,k)] = Σᵢ xᵢⱼ xᵢₖ pᵢ꜀ (δ꜀ₑ − pᵢₑ) / n + l2 δ</pre>
 *
 * The off-diagonal blocks couple coordinates of several classes. Newton steps on the softmax need this to converge:
 * along a common shift of all classes, only the penalty has curvature.
 *
 * <p>{@link CurvatureSample} chooses and weights the rows. If classes are coupled, the columns of each class are
 * gathered for its rows once, and each pair of classes is a product of contiguous rows.
 */
final class BlockHessian implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();
    /** Maximum share of a class of which a sample may have no row. */
    private static final double RARE = 1e-4;

    /** Rows multiplied at a time: with a few hundred coordinates of a class, both operands stay in L2. */
    private static final int CHUNK = 256;
    /** Cost of gathering a float, in operations of a product; it also limits the memory for gathered rows. */
    private static final double GATHER = 256;

    /** Rows and columns that are mirrored at a time: the cache lines of both squares stay in L1. */
    private static final int MIRRORED = 32;

    private final int[] coordinates;
    private final FloatMatrix matrix;
    private boolean released;

    private BlockHessian(int[] coordinates, FloatMatrix matrix) {
        this.coordinates = coordinates;
        this.matrix = matrix;
    }

    /** The group's coordinates among all parameters, ascending. */
    int[] coordinates() {
        return coordinates;
    }

    /** Symmetric, group × group. */
    FloatMatrix matrix() {
        return matrix;
    }

    /** The matrix, which the caller closes instead of this estimate. */
    FloatMatrix release() {
        released = true;
        return matrix;
    }

    @Override
    public void close() {
        if (!released) {
            matrix.close();
        }
    }

    /** The part of a group that belongs to one class: positions {@code from} to {@code to} of its coordinates. */
    private record Part(int group, int classIndex, int from, int to) {
        int size() {
            return to - from;
        }
    }

    /** Two parts of a group and the rows with curvature in both. */
    private record Block(Part a, Part b, CurvatureSample.Chosen chosen) {
        boolean diagonal() {
            return a.equals(b);
        }

        double cost() {
            return chosen.rows().size() * productCost(a, b);
        }

        static double productCost(Part a, Part b) {
            return (double) a.size() * b.size() * (a.equals(b) ? 1 : 2);
        }
    }

    /** A class's columns of its rows; row i of the matrix is row {@code rows[i]} of the data. */
    private record Gathered(IntArrayList rows, FloatMatrix matrix) {}

    /**
     * Estimates at the current point of a loss.
     *
     * @param groups coordinates, ascending within each group
     * @param damping factor on the diagonal, ≥ 1: compensates underestimation by a sample
     * @param budget approximate number of floating-point operations
     */
    static List<BlockHessian> build(
            RowLoss loss, List<int[]> groups, Penalty penalty, double damping, double budget, WorkerPool pool) {
        List<BlockHessian> result = new ArrayList<>();
        try {
            fill(result, loss, groups, budget, pool);
        } catch (RuntimeException | Error e) {
            result.forEach(BlockHessian::close);
            throw e;
        }
        double[] shares = shares(loss);
        for (BlockHessian h : result) {
            h.finish(penalty, damping, shares, loss.width());
        }
        return result;
    }

    private static void fill(
            List<BlockHessian> result, RowLoss loss, List<int[]> groups, double budget, WorkerPool pool) {
        List<List<Part>> parts = new ArrayList<>();
        boolean coupled = false;
        for (int g = 0; g < groups.size(); g++) {
            int[] coordinates = groups.get(g);
            result.add(new BlockHessian(coordinates, FloatMatrix.allocate(coordinates.length, coordinates.length)));
            parts.add(partsOf(g, coordinates, loss.width()));
            coupled |= parts.get(g).size() > 1;
        }
        CurvatureSample sample = CurvatureSample.draw(
                loss, coupled, coupled ? costs(loss.classes(), parts) : ownCosts(loss.classes(), parts), budget, pool);
        List<Block> blocks = blocks(sample, parts);
        int largest = blocks.stream().mapToInt(b -> b.a().size()).max().orElse(0);
        long height = 2L * CHUNK + largest;
        Map<Part, Gathered> gathered = new HashMap<>();
        try (FloatMatrix scratch = FloatMatrix.allocate(pool.threads() * height, largest);
                FloatMatrix dataRows = FloatMatrix.allocate(pool.threads(), loss.width() - 1)) {
            if (coupled) {
                gather(loss, blocks, result, gathered, dataRows, pool);
            }
            pool.run(blocks.size(), (task, worker) -> {
                Block block = blocks.get(task);
                FloatMatrix own = scratch.rows(worker * height, (worker + 1L) * height);
                FloatMatrix dataRow = dataRows.rows(worker, worker + 1L);
                result.get(block.a().group()).fill(loss, block, gathered, own, dataRow);
            });
        } finally {
            gathered.values().forEach(g -> g.matrix().close());
        }
    }

    private static List<Part> partsOf(int group, int[] coordinates, int width) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        while (from < coordinates.length) {
            int c = coordinates[from] / width;
            int to = from;
            while (to < coordinates.length && coordinates[to] / width == c) {
                to++;
            }
            parts.add(new Part(group, c, from, to));
            from = to;
        }
        return parts;
    }

    /** The costs if no group has parts of two classes; a matrix of all pairs of thousands of classes would not fit. */
    private static CurvatureSample.Cost ownCosts(int classes, List<List<Part>> parts) {
        double[] cost = new double[classes];
        for (List<Part> group : parts) {
            for (Part a : group) {
                cost[a.classIndex()] += Block.productCost(a, a) + GATHER * a.size();
            }
        }
        return (a, b) -> cost[a];
    }

    private static CurvatureSample.Cost costs(int classes, List<List<Part>> parts) {
        double[][] cost = new double[classes][classes];
        for (List<Part> group : parts) {
            for (Part a : group) {
                for (Part b : group) {
                    double gathering = a.equals(b) ? GATHER * a.size() : 0;
                    cost[a.classIndex()][b.classIndex()] += Block.productCost(a, b) + gathering;
                }
            }
        }
        return (a, b) -> cost[a][b];
    }

    /** One block for each pair of parts of a group with rows; the most expensive first, to balance the threads. */
    private static List<Block> blocks(CurvatureSample sample, List<List<Part>> parts) {
        List<Block> blocks = new ArrayList<>();
        for (List<Part> group : parts) {
            for (int a = 0; a < group.size(); a++) {
                for (int b = a; b < group.size(); b++) {
                    CurvatureSample.Chosen chosen = sample.chosen(
                            group.get(a).classIndex(), group.get(b).classIndex());
                    if (chosen != null) {
                        blocks.add(new Block(group.get(a), group.get(b), chosen));
                    }
                }
            }
        }
        blocks.sort(Comparator.comparingDouble(Block::cost).reversed());
        return blocks;
    }

    private static void gather(
            RowLoss loss,
            List<Block> blocks,
            List<BlockHessian> groups,
            Map<Part, Gathered> gathered,
            FloatMatrix dataRows,
            WorkerPool pool) {
        for (Block block : blocks) {
            if (!block.diagonal()) {
                continue;
            }
            IntArrayList rows = block.chosen().rows();
            Gathered own = new Gathered(
                    rows, FloatMatrix.allocate(rows.size(), block.a().size()));
            gathered.put(block.a(), own);
            ClassColumns columns = groups.get(block.a().group()).columns(loss, block.a());
            int tasks = (rows.size() + CHUNK - 1) / CHUNK;
            pool.run(tasks, (task, worker) -> {
                FloatMatrix dataRow = dataRows.rows(worker, worker + 1L);
                int to = Math.min(rows.size(), (task + 1) * CHUNK);
                for (int i = task * CHUNK; i < to; i++) {
                    columns.gather(rows.getInt(i), 1f, own.matrix(), i, dataRow);
                }
            });
        }
    }

    private ClassColumns columns(RowLoss loss, Part part) {
        return new ClassColumns(loss, Arrays.copyOfRange(coordinates, part.from(), part.to()));
    }

    private void fill(
            RowLoss loss, Block block, Map<Part, Gathered> gathered, FloatMatrix scratch, FloatMatrix dataRow) {
        int p = block.a().size();
        int q = block.b().size();
        FloatMatrix a = scratch.rows(0, CHUNK).reshaped(CHUNK, p);
        FloatMatrix b = scratch.rows(CHUNK, 2 * CHUNK).reshaped(CHUNK, q);
        FloatMatrix sum = scratch.rows(2 * CHUNK, 2L * CHUNK + p).reshaped(p, q);
        sum.segment().fill((byte) 0);
        Source left = source(loss, block.a(), gathered, dataRow);
        Source right = source(loss, block.b(), gathered, dataRow);
        IntArrayList rows = block.chosen().rows();
        for (int start = 0; start < rows.size(); start += CHUNK) {
            WorkerPool.checkInterrupted();
            int count = Math.min(CHUNK, rows.size() - start);
            if (block.diagonal()) {
                copyRoots(block.chosen(), start, count, left, a);
                Gemm.accumulateUpperGram(a, 0, count, sum);
            } else {
                copyNegated(block.chosen(), start, count, left, a, right, b);
                Gemm.accumulateTransposed(a, 0, b, 0, count, sum);
            }
        }
        put(block, sum, 1f / loss.data().count());
    }

    private static void copyRoots(CurvatureSample.Chosen chosen, int start, int count, Source from, FloatMatrix a) {
        for (int i = 0; i < count; i++) {
            float weight = chosen.weights().getFloat(start + i);
            from.copy(chosen.rows().getInt(start + i), (float) Math.sqrt(weight), a, i);
        }
    }

    private static void copyNegated(
            CurvatureSample.Chosen chosen,
            int start,
            int count,
            Source left,
            FloatMatrix a,
            Source right,
            FloatMatrix b) {
        for (int i = 0; i < count; i++) {
            int row = chosen.rows().getInt(start + i);
            left.copy(row, -chosen.weights().getFloat(start + i), a, i);
            right.copy(row, 1f, b, i);
        }
    }

    /** The numbers of the rows of a part, ascending. */
    private interface Source {
        void copy(int row, float weight, FloatMatrix out, int outRow);
    }

    private Source source(RowLoss loss, Part part, Map<Part, Gathered> gathered, FloatMatrix dataRow) {
        Gathered ready = gathered.get(part);
        if (ready == null) {
            ClassColumns columns = columns(loss, part);
            return (row, weight, out, outRow) -> columns.gather(row, weight, out, outRow, dataRow);
        }
        return new Source() {
            private int at;

            @Override
            public void copy(int row, float weight, FloatMatrix out, int outRow) {
                while (ready.rows().getInt(at) < row) {
                    at++;
                }
                FloatMatrix from = ready.matrix();
                Elements.copyRow(from, at, out, outRow);
                if (weight != 1f) {
                    KERNELS.scale(weight, out.segment(), out.offset(outRow), part.size());
                }
            }
        };
    }

    /** Copies a complete block to its place and mirrors it. A diagonal block is valid only above its diagonal. */
    private void put(Block block, FloatMatrix sum, float scale) {
        for (int i = 0; i < block.a().size(); i += MIRRORED) {
            for (int j = block.diagonal() ? i : 0; j < block.b().size(); j += MIRRORED) {
                put(block, sum, scale, i, j);
            }
        }
    }

    private void put(Block block, FloatMatrix sum, float scale, int firstRow, int firstColumn) {
        MemorySegment m = matrix.segment();
        MemorySegment sums = sum.segment();
        int lastColumn = Math.min(block.b().size(), firstColumn + MIRRORED);
        for (int i = firstRow; i < Math.min(block.a().size(), firstRow + MIRRORED); i++) {
            int row = block.a().from() + i;
            for (int j = block.diagonal() ? Math.max(i, firstColumn) : firstColumn; j < lastColumn; j++) {
                int column = block.b().from() + j;
                float v = scale * Elements.get(sums, sum.offset(i), j);
                Elements.set(m, matrix.offset(row), column, v);
                Elements.set(m, matrix.offset(column), row, v);
            }
        }
    }

    /** The share of each class in the sum of the row weights. */
    private static double[] shares(RowLoss loss) {
        double[] weights = loss.classWeights();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    private void finish(Penalty penalty, double damping, double[] shares, int width) {
        double largest = 0;
        for (int i = 0; i < coordinates.length; i++) {
            largest = Math.max(largest, matrix.get(i, i));
        }
        // A coordinate without curvature, such as a pixel that is always black, needs a step length too.
        // A class so rare that the sample has no row of it, as with small row weights, has about its share as
        // curvature.
        // Without a floor, the steps of intercepts, which have no penalty, would be far too long.
        double share = coordinates.length == 0 ? 0 : shares[coordinates[0] / width];
        double rare = largest > 0 || share > RARE ? 0 : share;
        double floor = Math.max(Math.max(largest * 1e-6, 1e-12), rare);
        for (int i = 0; i < coordinates.length; i++) {
            double curvature = matrix.get(i, i) + penalty.l2(coordinates[i]);
            matrix.set(i, i, (float) (curvature * damping + floor));
        }
    }

    /** Multiplies the diagonal. */
    void scaleDiagonal(double factor) {
        for (int i = 0; i < coordinates.length; i++) {
            matrix.set(i, i, (float) (factor * matrix.get(i, i)));
        }
    }

    /** The submatrix of chosen positions, as a new matrix owned by the caller. */
    FloatMatrix submatrix(int[] positions, WorkerPool pool) {
        int tasks = (positions.length + CHUNK - 1) / CHUNK;
        return FloatMatrix.allocate(
                positions.length,
                positions.length,
                out -> pool.run(tasks, (task, worker) -> {
                    MemorySegment source = matrix.segment();
                    MemorySegment target = out.segment();
                    int to = Math.min(positions.length, (task + 1) * CHUNK);
                    for (int i = task * CHUNK; i < to; i++) {
                        long from = matrix.offset(positions[i]);
                        for (int j = 0; j <= i; j++) {
                            Elements.set(target, out.offset(i), j, Elements.get(source, from, positions[j]));
                        }
                    }
                }));
    }
}
