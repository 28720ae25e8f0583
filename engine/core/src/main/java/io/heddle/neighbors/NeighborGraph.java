package io.heddle.neighbors;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * The graph of nearest neighbours, and diffusion along it. Each iteration averages the values of a row with those of
 * its neighbours. This reduces noise within dense regions and separates the regions.
 *
 * <p>The weight of an edge is the similarity if both rows are neighbours of each other. Otherwise it is a thousandth of
 * it, so that no row is isolated. The weights of a row sum to 1. Immutable, on the heap: 8 bytes per edge.
 *
 * <p>For example: {@snippet file="NeighborsExamplesTest.java" region="neighbor-graph"}
 */
public final class NeighborGraph {
    private static final float ONE_SIDED = 1e-3f;
    /** Minimum similarity, so that rows at a right angle or more still have neighbours. */
    private static final float MINIMUM_SIMILARITY = 1e-6f;

    private static final int BLOCK = 256;
    private static final Kernels KERNELS = Simd.kernels();

    private final int rows;
    private final int count;
    private final int[] indices;
    private final float[] weights;

    private NeighborGraph(int rows, int count, int[] indices, float[] weights) {
        this.rows = rows;
        this.count = count;
        this.indices = indices;
        this.weights = weights;
    }

    /**
     * {@return the graph of neighbours within one matrix, by {@link NearestNeighbors.Metric#COSINE}: similarity is 1 −
     * distance}
     *
     * @param neighbors of {@link NearestNeighbors#within}, without the rows themselves
     * @throws InvalidInputException if a neighbour is not one of the rows
     */
    public static NeighborGraph of(Neighbors neighbors) {
        int n = neighbors.rows();
        int k = neighbors.count();
        int[] indices = neighbors.indices();
        float[] weights = new float[indices.length];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int e = i * k; e < (i + 1) * k; e++) {
                int other = indices[e];
                require(other < n, "a graph of %d rows has no row %d", n, other);
                float similarity = Math.max(MINIMUM_SIMILARITY, 1 - neighbors.distance(i, e - i * k));
                weights[e] = names(indices, other, k, i) ? similarity : ONE_SIDED * similarity;
                sum += weights[e];
            }
            for (int e = i * k; e < (i + 1) * k; e++) {
                weights[e] = (float) (weights[e] / sum);
            }
        }
        return new NeighborGraph(n, k, indices, weights);
    }

    private static boolean names(int[] indices, int row, int count, int other) {
        for (int e = row * count; e < (row + 1) * count; e++) {
            if (indices[e] == other) {
                return true;
            }
        }
        return false;
    }

    /** {@return the number of rows} */
    public int rows() {
        return rows;
    }

    /**
     * Diffuses values along the graph: repeats Q ← ½Q + ½D⁻¹WQ.
     *
     * @param q one row per row of the graph; not changed
     * @param iterations number of iterations, 0 or more
     * @param pool whose threads share the work
     * @return as many rows and columns as q, owned by the caller
     * @throws InvalidInputException if the rows differ, iterations are negative or values are not finite
     */
    public FloatMatrix diffuse(FloatMatrix q, int iterations, WorkerPool pool) {
        require(q.rows() == rows, "a matrix of %d rows does not fit a graph of %d", q.rows(), rows);
        require(iterations >= 0, "diffusion requires 0 or more iterations, not %d", iterations);
        FiniteCheck.require(q, "the matrix to diffuse", pool);
        FloatMatrix now = q.copy();
        FloatMatrix next = FloatMatrix.allocate(iterations > 0 ? q.rows() : 0, q.columns());
        try {
            for (int i = 0; i < iterations; i++) {
                diffuseOnce(now, next, pool);
                FloatMatrix before = now;
                now = next;
                next = before;
            }
        } catch (RuntimeException | Error e) {
            now.close();
            throw e;
        } finally {
            next.close();
        }
        return now;
    }

    private void diffuseOnce(FloatMatrix from, FloatMatrix to, WorkerPool pool) {
        // Includes the padding, which stays zero: whole vectors are faster than a few floats.
        int n = (int) from.stride();
        RowSlices slices = RowSlices.of(rows, BLOCK);
        pool.run(slices.count(), (slice, worker) -> {
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                diffuseRow(i, from, to, n);
            }
        });
    }

    private void diffuseRow(int i, FloatMatrix from, FloatMatrix to, int n) {
        MemorySegment source = from.segment();
        MemorySegment target = to.segment();
        long at = to.offset(i);
        MemorySegment.copy(source, from.offset(i), target, at, from.offset(1));
        KERNELS.scale(0.5f, target, at, n);
        for (int e = i * count; e < (i + 1) * count; e++) {
            KERNELS.axpy(0.5f * weights[e], source, from.offset(indices[e]), target, at, n);
        }
    }
}
