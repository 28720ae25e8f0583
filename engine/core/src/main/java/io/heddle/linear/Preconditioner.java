package io.heddle.linear;

import io.heddle.internal.linalg.Cholesky;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The inverse of estimated Hessians, group by group, through their Cholesky factors. If every class has every
 * coordinate and the classes are not coupled, the mean over classes is corrected afterwards. Adding one vector to all
 * classes changes no probability, so only the penalty has curvature in this direction, which a block-diagonal estimate
 * overestimates.
 */
final class Preconditioner implements AutoCloseable {
    /** A factor and its coordinates; several groups may share one factor. */
    private record Group(int[] coordinates, Cholesky factor, FloatMatrix scratch) {}

    private final List<Group> groups = new ArrayList<>();
    private final double[] inverseDiagonal;
    private final int classes;
    private final int width;
    private final boolean projected;
    private final WorkerPool pool;

    private Preconditioner(int size, int classes, boolean projected, WorkerPool pool) {
        this.classes = classes;
        this.width = size / classes;
        this.projected = projected;
        this.pool = pool;
        inverseDiagonal = new double[size];
        Arrays.fill(inverseDiagonal, 1);
    }

    /**
     * A preconditioner for the parameters at which the objective is smooth, with the curvature of the penalty's norms.
     */
    static Preconditioner of(List<BlockHessian> hessians, Iterate at, WorkerPool pool) {
        boolean[] free = at.nonZeros();
        Preconditioner result = new Preconditioner(free.length, at.loss().classes(), false, pool);
        result.addAll(hessians.size(), g -> result.group(hessians.get(g), free, at));
        return result;
    }

    /** Adds groups, each factored by one thread if there are enough of them. If one fails, closes the others. */
    private void addAll(int count, IntFunction<Group> make) {
        Group[] made = new Group[count];
        boolean complete = false;
        try {
            if (count >= pool.threads()) {
                pool.run(count, (g, worker) -> made[g] = make.apply(g));
            } else {
                Arrays.setAll(made, make);
            }
            complete = true;
        } finally {
            Arrays.stream(made).filter(Objects::nonNull).forEach(groups::add);
            if (!complete) {
                close();
            }
        }
    }

    /** The group of the free coordinates of an estimate; null if there are none. */
    private Group group(BlockHessian h, boolean[] free, Iterate at) {
        setInverseDiagonal(h);
        IntArrayList positions = new IntArrayList();
        IntArrayList kept = new IntArrayList();
        for (int i = 0; i < h.coordinates().length; i++) {
            int coordinate = h.coordinates()[i];
            if (free[coordinate]) {
                positions.add(i);
                kept.add(coordinate);
            }
        }
        if (kept.isEmpty()) {
            return null;
        }
        int[] coordinates = kept.toIntArray();
        FloatMatrix matrix = h.submatrix(positions.toIntArray(), pool);
        at.penalty()
                .normHessian(
                        at.parameters(),
                        coordinates,
                        (i, k, value) -> matrix.set(i, k, (float) (matrix.get(i, k) + value)));
        return group(coordinates, Cholesky.factorInPlace(matrix, pool));
    }

    private void setInverseDiagonal(BlockHessian h) {
        for (int i = 0; i < h.coordinates().length; i++) {
            inverseDiagonal[h.coordinates()[i]] = 1 / h.matrix().get(i, i);
        }
    }

    private static Group group(int[] coordinates, Cholesky factor) {
        return new Group(coordinates, factor, FloatMatrix.allocate(1, coordinates.length));
    }

    /** A preconditioner for all parameters of a penalty without kinks; its factors overwrite the estimates. */
    static Preconditioner consuming(List<BlockHessian> hessians, int classes, boolean projected, WorkerPool pool) {
        Preconditioner result = new Preconditioner(size(hessians), classes, projected, pool);
        try {
            result.addAll(hessians.size(), g -> {
                BlockHessian h = hessians.get(g);
                result.setInverseDiagonal(h);
                return group(h.coordinates(), Cholesky.factorInPlace(h.release(), pool));
            });
            return result;
        } finally {
            hessians.forEach(BlockHessian::close);
        }
    }

    private static int size(List<BlockHessian> hessians) {
        return hessians.stream().mapToInt(h -> h.coordinates().length).sum();
    }

    /** Divides by the diagonal of the estimates, which are closed. */
    static Preconditioner diagonal(List<BlockHessian> hessians, int classes, WorkerPool pool) {
        Preconditioner result = new Preconditioner(size(hessians), classes, false, pool);
        for (BlockHessian h : hessians) {
            result.setInverseDiagonal(h);
            h.close();
        }
        return result;
    }

    /** One factor for all classes, which overwrites the estimate of one. */
    static Preconditioner shared(BlockHessian first, int classes, WorkerPool pool) {
        try (first) {
            int width = first.coordinates().length;
            Preconditioner result = new Preconditioner(classes * width, classes, true, pool);
            Cholesky factor = Cholesky.factorInPlace(first.release(), pool);
            for (int c = 0; c < classes; c++) {
                int from = c * width;
                int[] own = new int[width];
                Arrays.setAll(own, i -> from + i);
                result.groups.add(group(own, factor));
            }
            return result;
        }
    }

    /** z ← M⁻¹ r; coordinates of no group are divided by their own curvature. */
    void apply(double[] r, double[] z) {
        for (int i = 0; i < r.length; i++) {
            z[i] = r[i] * inverseDiagonal[i];
        }
        pool.run(groups.size(), (g, worker) -> {
            int[] at = groups.get(g).coordinates();
            FloatMatrix s = groups.get(g).scratch();
            for (int i = 0; i < at.length; i++) {
                Elements.set(s, 0, i, (float) r[at[i]]);
            }
            groups.get(g).factor().solve(s.segment());
            for (int i = 0; i < at.length; i++) {
                z[at[i]] = Elements.get(s, 0, i);
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
        for (Group group : groups) {
            group.factor().close();
            group.scratch().close();
        }
    }
}
