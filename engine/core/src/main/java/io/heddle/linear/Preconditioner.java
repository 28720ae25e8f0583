package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Cholesky;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The inverse of estimated Hessians, group by group, through their Cholesky factors. Where every class has every
 * coordinate and the classes are not coupled, the mean over classes is taken out afterwards: adding one vector to all
 * classes changes no probability, and a block-diagonal estimate believes that direction steep when only the penalty
 * curves it.
 */
final class Preconditioner implements AutoCloseable {
    private final List<Cholesky> factors = new ArrayList<>();
    private final List<int[]> coordinates = new ArrayList<>();
    private final List<FloatMatrix> scratch = new ArrayList<>();
    private final int classes;
    private final int width;
    private final boolean projected;
    private final WorkerPool pool;

    /** @param free which parameters take part */
    Preconditioner(List<BlockHessian> hessians, boolean[] free, int classes, boolean projected, WorkerPool pool) {
        this.classes = classes;
        this.width = free.length / classes;
        this.projected = projected;
        this.pool = pool;
        for (BlockHessian h : hessians) {
            IntArrayList positions = new IntArrayList();
            IntArrayList kept = new IntArrayList();
            for (int i = 0; i < h.coordinates().length; i++) {
                if (free[h.coordinates()[i]]) {
                    positions.add(i);
                    kept.add(h.coordinates()[i]);
                }
            }
            if (!kept.isEmpty()) {
                coordinates.add(kept.toIntArray());
                scratch.add(FloatMatrix.allocate(1, kept.size()));
                factors.add(Cholesky.factorInPlace(h.submatrix(positions.toIntArray(), pool), pool));
            }
        }
    }

    /** z ← M⁻¹ r; coordinates of no group are copied. */
    void apply(double[] r, double[] z) {
        System.arraycopy(r, 0, z, 0, r.length);
        pool.run(factors.size(), (g, worker) -> {
            int[] at = coordinates.get(g);
            var s = scratch.get(g).segment();
            for (int i = 0; i < at.length; i++) {
                s.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES, (float) r[at[i]]);
            }
            factors.get(g).solve(s);
            for (int i = 0; i < at.length; i++) {
                z[at[i]] = s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES);
            }
        });
        if (projected) {
            subtractClassMeans(z);
        }
    }

    private void subtractClassMeans(double[] z) {
        for (int j = 0; j < width; j++) {
            double mean = 0;
            for (int c = 0; c < classes; c++) {
                mean += z[c * width + j];
            }
            mean /= classes;
            for (int c = 0; c < classes; c++) {
                z[c * width + j] -= mean;
            }
        }
    }

    @Override
    public void close() {
        factors.forEach(Cholesky::close);
        scratch.forEach(FloatMatrix::close);
    }
}
