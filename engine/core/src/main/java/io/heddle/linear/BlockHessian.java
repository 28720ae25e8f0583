package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Gemm;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The Hessian of the smooth part of the objective, estimated on sampled rows, for one group of coordinates:
 *
 * <pre>H[(c,j),(e,k)] = Σᵢ xᵢⱼ xᵢₖ pᵢ꜀ (δ꜀ₑ − pᵢₑ) / sample + l2 δ</pre>
 *
 * With coordinates of several classes the off-diagonal blocks couple them, which is what makes Newton steps on softmax
 * converge: along a shift of all classes together the curvature is only that of the penalty.
 *
 * <p>Most rows are sure of all but two or three classes. A pair of classes is built from the rows in which p꜀ pₑ
 * exceeds a threshold only, and the diagonal from the same products, so each row adds the Laplacian of a graph of
 * classes, and the estimate stays positive semidefinite whatever is left out.
 */
final class BlockHessian implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /** Products of two probabilities that add nothing worth their cost; a row's largest is up to 1/4. */
    private static final double MOST_NEGLIGIBLE = 1e-3;
    /** The same as a share of what the product is where a row favours no class: it must not be called negligible. */
    private static final double NEGLIGIBLE_SHARE = 0.1;
    /** Rows gathered at a time: with a few hundred coordinates of a class, both operands stay in L2. */
    private static final int CHUNK = 256;

    private final int[] coordinates;
    private final FloatMatrix matrix;

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

    @Override
    public void close() {
        matrix.close();
    }

    /** The part of a group that belongs to one class: positions {@code from} to {@code to} of its coordinates. */
    private record Part(int group, int classIndex, int from, int to) {
        int size() {
            return to - from;
        }
    }

    private record Block(Part a, Part b, IntArrayList rows) {
        boolean diagonal() {
            return a.equals(b);
        }

        double cost() {
            return (double) rows.size() * a.size() * b.size() * (diagonal() ? 0.5 : 1);
        }
    }

    /**
     * @param rows the sampled rows
     * @param groups coordinates, ascending within each group
     * @param damping factor on the diagonal, ≥ 1: covers what the sample underestimates
     */
    static List<BlockHessian> build(
            SoftmaxLoss loss,
            int[] rows,
            List<int[]> groups,
            ElasticNetPenalty penalty,
            double damping,
            WorkerPool pool) {
        List<BlockHessian> result = new ArrayList<>();
        List<List<Part>> parts = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            int[] coordinates = groups.get(g);
            result.add(new BlockHessian(coordinates, FloatMatrix.allocate(coordinates.length, coordinates.length)));
            parts.add(partsOf(g, coordinates, loss.width()));
        }
        List<Block> blocks = blocks(loss, rows, parts);
        // The dearest first, so that no thread is left with a large one at the end.
        blocks.sort(Comparator.comparingDouble(Block::cost).reversed());
        pool.run(blocks.size(), (task, worker) -> {
            Block block = blocks.get(task);
            boolean coupled = parts.get(block.a().group()).size() > 1;
            fill(loss, rows.length, block, coupled, result.get(block.a().group()));
        });
        for (BlockHessian h : result) {
            h.finish(loss.width(), penalty, damping);
        }
        return result;
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

    /** One block for each pair of parts of a group in which some row has a product worth counting. */
    private static List<Block> blocks(SoftmaxLoss loss, int[] rows, List<List<Part>> parts) {
        long classes = loss.classes();
        boolean anyCoupled = parts.stream().anyMatch(p -> p.size() > 1);
        Long2ObjectOpenHashMap<IntArrayList> byPair = new Long2ObjectOpenHashMap<>();
        float negligible = negligible(loss.classes());
        float[] p = new float[loss.classes()];
        int[] likely = new int[loss.classes()];
        for (int row : rows) {
            loss.probabilities().getRow(row, p);
            int count = 0;
            for (int c = 0; c < p.length; c++) {
                if (p[c] > negligible) {
                    likely[count++] = c;
                }
            }
            for (int a = 0; a < count; a++) {
                add(byPair, likely[a] * classes + likely[a], row);
                for (int b = a + 1; anyCoupled && b < count; b++) {
                    if (p[likely[a]] * p[likely[b]] > negligible) {
                        add(byPair, likely[a] * classes + likely[b], row);
                    }
                }
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (List<Part> group : parts) {
            for (int a = 0; a < group.size(); a++) {
                for (int b = a; b < group.size(); b++) {
                    long pair =
                            group.get(a).classIndex() * classes + group.get(b).classIndex();
                    IntArrayList chosen = byPair.get(pair);
                    if (chosen != null) {
                        blocks.add(new Block(group.get(a), group.get(b), chosen));
                    }
                }
            }
        }
        return blocks;
    }

    private static void add(Long2ObjectOpenHashMap<IntArrayList> byPair, long pair, int row) {
        byPair.computeIfAbsent(pair, p -> new IntArrayList()).add(row);
    }

    private static void fill(SoftmaxLoss loss, int sample, Block block, boolean coupled, BlockHessian target) {
        Columns left = new Columns(loss, target.coordinates, block.a());
        Columns right = new Columns(loss, target.coordinates, block.b());
        try (FloatMatrix a = FloatMatrix.allocate(CHUNK, left.size());
                FloatMatrix b = FloatMatrix.allocate(block.diagonal() ? 0 : CHUNK, right.size());
                FloatMatrix sum = FloatMatrix.allocate(left.size(), right.size())) {
            float[] p = new float[loss.classes()];
            IntArrayList rows = block.rows();
            for (int start = 0; start < rows.size(); start += CHUNK) {
                int count = Math.min(CHUNK, rows.size() - start);
                for (int i = 0; i < count; i++) {
                    int row = rows.getInt(start + i);
                    loss.probabilities().getRow(row, p);
                    int c = block.a().classIndex();
                    if (block.diagonal()) {
                        left.gather(row, (float) Math.sqrt(diagonalWeight(p, c, coupled)), a, i);
                    } else {
                        left.gather(row, -p[c] * p[block.b().classIndex()], a, i);
                        right.gather(row, 1f, b, i);
                    }
                }
                if (block.diagonal()) {
                    Gemm.accumulateUpperGram(a, 0, count, sum);
                } else {
                    Gemm.accumulateTransposed(a, 0, b, 0, count, sum);
                }
            }
            target.put(block, sum, 1f / sample);
        }
    }

    private static float negligible(int classes) {
        return (float) Math.min(MOST_NEGLIGIBLE, NEGLIGIBLE_SHARE / ((double) classes * classes));
    }

    private static float diagonalWeight(float[] p, int c, boolean coupled) {
        if (!coupled) {
            return p[c] * (1 - p[c]);
        }
        float negligible = negligible(p.length);
        float weight = 0;
        for (int e = 0; e < p.length; e++) {
            float product = p[c] * p[e];
            weight += e != c && product > negligible ? product : 0;
        }
        return weight;
    }

    /**
     * Copies a finished block, of which a diagonal one counts above its diagonal only, into its place and mirrors it.
     */
    private void put(Block block, FloatMatrix sum, float scale) {
        MemorySegment m = matrix.segment();
        for (int i = 0; i < block.a().size(); i++) {
            long row = matrix.offset(block.a().from() + i);
            for (int j = block.diagonal() ? i : 0; j < block.b().size(); j++) {
                float v = scale * sum.segment().get(FLOAT, sum.offset(i) + (long) j * Float.BYTES);
                m.set(FLOAT, row + (block.b().from() + (long) j) * Float.BYTES, v);
                m.set(FLOAT, matrix.offset(block.b().from() + j) + (block.a().from() + (long) i) * Float.BYTES, v);
            }
        }
    }

    private void finish(int width, ElasticNetPenalty penalty, double damping) {
        double largest = 0;
        for (int i = 0; i < coordinates.length; i++) {
            largest = Math.max(largest, matrix.get(i, i));
        }
        // A coordinate without curvature (a pixel that is always black) still needs a step length.
        double floor = Math.max(largest * 1e-6, 1e-12);
        for (int i = 0; i < coordinates.length; i++) {
            double l2 = ElasticNetPenalty.isIntercept(coordinates[i], width) ? 0 : penalty.l2();
            matrix.set(i, i, (float) ((matrix.get(i, i) + l2) * damping + floor));
        }
    }

    /** The columns of the transformed data that a part of a group refers to. */
    private static final class Columns {
        private final FloatMatrix x;
        private final long[] offsets;
        private final float[] shift;
        private final float[] scale;
        private final int features;
        private final boolean intercept;

        Columns(SoftmaxLoss loss, int[] coordinates, Part part) {
            x = loss.data();
            int size = part.size();
            intercept = ElasticNetPenalty.isIntercept(coordinates[part.to() - 1], loss.width());
            features = intercept ? size - 1 : size;
            offsets = new long[features];
            shift = new float[features];
            scale = new float[features];
            for (int i = 0; i < features; i++) {
                int j = coordinates[part.from() + i] % loss.width();
                offsets[i] = (long) j * Float.BYTES;
                shift[i] = (float) loss.transform().shift()[j];
                scale[i] = (float) loss.transform().scale()[j];
            }
        }

        int size() {
            return intercept ? features + 1 : features;
        }

        void gather(int row, float weight, FloatMatrix out, int outRow) {
            MemorySegment source = x.segment();
            MemorySegment target = out.segment();
            long from = x.offset(row);
            long to = out.offset(outRow);
            for (int i = 0; i < features; i++) {
                float v = (source.get(FLOAT, from + offsets[i]) - shift[i]) * scale[i] * weight;
                target.set(FLOAT, to + (long) i * Float.BYTES, v);
            }
            if (intercept) {
                target.set(FLOAT, to + (long) features * Float.BYTES, weight);
            }
        }
    }

    /** The submatrix of chosen positions, as a new matrix that the caller owns. */
    FloatMatrix submatrix(int[] positions, WorkerPool pool) {
        FloatMatrix out = FloatMatrix.allocate(positions.length, positions.length);
        int tasks = (positions.length + CHUNK - 1) / CHUNK;
        pool.run(tasks, (task, worker) -> {
            int to = Math.min(positions.length, (task + 1) * CHUNK);
            for (int i = task * CHUNK; i < to; i++) {
                long row = matrix.offset(positions[i]);
                long target = out.offset(i);
                for (int j = 0; j <= i; j++) {
                    float v = matrix.segment().get(FLOAT, row + (long) positions[j] * Float.BYTES);
                    out.segment().set(FLOAT, target + (long) j * Float.BYTES, v);
                }
            }
        });
        return out;
    }
}
