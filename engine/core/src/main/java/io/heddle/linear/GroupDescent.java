package io.heddle.linear;

import io.heddle.internal.linalg.SymmetricEigen;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * Cyclic block coordinate descent on ⟨g, δ⟩ + ½ ⟨δ, Hδ⟩ + Σ lⱼ ‖wⱼ + δⱼ‖, where a block has the weights of a column in
 * all classes. Each block is minimized exactly: by the eigenvalues of its Hessian, the length of the solution is the
 * root of a function of one variable. Simon and Tibshirani, "Standardization and the Group Lasso Penalty", Statistica
 * Sinica 22(3), 2012.
 */
final class GroupDescent {
    private static final int ROOT_STEPS = 60;
    private static final double ROOT_TOLERANCE = 1e-13;
    /** Relative to the largest eigenvalue of a block: smaller ones are rounding error. */
    private static final double FLAT = 1e-13;

    /** A quadratic model of the smooth part, and the point in it. */
    interface Quadratic {
        /** Element (i, k) of the Hessian. */
        double curvature(int i, int k);

        /** The derivative at the current point. */
        double slope(int i);

        /** Moves the current point along coordinate i. */
        void move(int i, double change);
    }

    /**
     * Positions that are minimized together.
     *
     * @param at the positions
     * @param norm weight of their norm; 0 for a single position without one
     * @param matrix their Hessian, square
     * @param eigen of it; null without a norm
     */
    private record Block(int[] at, double norm, double[] matrix, SymmetricEigen eigen) {
        int size() {
            return at.length;
        }
    }

    private final Quadratic model;
    private final int[] coordinates;
    private final double[] parameters;
    private final Block[] blocks;
    private final double[] u;

    /**
     * @param model of the coordinates in {@code coordinates}
     * @param coordinates parameters, ascending; all or none of a column
     * @param parameters the current point, not changed
     */
    GroupDescent(Quadratic model, int[] coordinates, double[] parameters, GroupedPenalty penalty) {
        this.model = model;
        this.coordinates = coordinates;
        this.parameters = parameters;
        u = new double[coordinates.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = parameters[coordinates[i]];
        }
        blocks = blocks(penalty);
    }

    private Block[] blocks(GroupedPenalty penalty) {
        IntArrayList[] positions = new IntArrayList[penalty.width()];
        for (int i = 0; i < coordinates.length; i++) {
            int column = coordinates[i] % penalty.width();
            if (positions[column] == null) {
                positions[column] = new IntArrayList();
            }
            positions[column].add(i);
        }
        java.util.List<Block> result = new java.util.ArrayList<>();
        for (int column = 0; column < positions.length; column++) {
            if (positions[column] == null) {
                continue;
            }
            if (penalty.norm(column) > 0) {
                result.add(block(positions[column].toIntArray(), penalty.norm(column)));
            } else {
                positions[column].forEach(i -> result.add(block(new int[] {i}, 0)));
            }
        }
        return result.toArray(Block[]::new);
    }

    private Block block(int[] at, double norm) {
        int n = at.length;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                matrix[i * n + k] = model.curvature(at[i], at[k]);
            }
        }
        return new Block(at, norm, matrix, norm > 0 ? SymmetricEigen.of(matrix.clone(), n) : null);
    }

    /**
     * Sweeps over the blocks.
     *
     * @param sweeps maximum number of sweeps
     * @param tolerance stops when no coordinate's gradient changes by more than this share of the largest change in the
     *     first sweep
     * @param direction receives δ at the coordinates
     */
    void minimise(int sweeps, double tolerance, double[] direction) {
        double first = 0;
        for (int sweep = 0; sweep < sweeps; sweep++) {
            WorkerPool.checkInterrupted();
            double largest = 0;
            for (Block block : blocks) {
                largest = Math.max(largest, minimise(block));
            }
            first = Math.max(first, largest);
            if (largest <= tolerance * first) {
                break;
            }
        }
        for (int i = 0; i < u.length; i++) {
            direction[coordinates[i]] = u[i] - parameters[coordinates[i]];
        }
    }

    /** Moves to the minimum in a block; returns the largest change of a coordinate times its curvature. */
    private double minimise(Block block) {
        double[] next = block.eigen() == null ? single(block) : shrunk(block);
        double largest = 0;
        for (int i = 0; i < next.length; i++) {
            int at = block.at()[i];
            double change = next[i] - u[at];
            if (change != 0) {
                u[at] = next[i];
                model.move(at, change);
                largest = Math.max(largest, Math.abs(change) * block.matrix()[i * next.length + i]);
            }
        }
        return largest;
    }

    private double[] single(Block block) {
        int at = block.at()[0];
        double curvature = block.matrix()[0];
        return new double[] {curvature > 0 ? u[at] - model.slope(at) / curvature : u[at]};
    }

    /** The minimiser of ½ ⟨v, Av⟩ − ⟨b, v⟩ + norm ‖v‖, where b = A u − slope. */
    private double[] shrunk(Block block) {
        int n = block.size();
        double[] b = new double[n];
        double square = 0;
        for (int i = 0; i < n; i++) {
            b[i] = -model.slope(block.at()[i]);
            for (int k = 0; k < n; k++) {
                b[i] += block.matrix()[i * n + k] * u[block.at()[k]];
            }
            square += b[i] * b[i];
        }
        return Math.sqrt(square) <= block.norm() ? new double[n] : solved(block, b);
    }

    /** v = (A + norm / r)⁻¹ b, where r = ‖v‖: with b in the eigenvectors, 1 = Σ (bᵢ / (λᵢ r + norm))². */
    private static double[] solved(Block block, double[] b) {
        int n = b.length;
        double[] values = block.eigen().values();
        double[] vectors = block.eigen().vectors();
        double[] turned = new double[n];
        double[] lambda = new double[n];
        for (int i = 0; i < n; i++) {
            lambda[i] = Math.max(values[i], FLAT * values[0]);
            for (int k = 0; k < n; k++) {
                turned[i] += vectors[i * n + k] * b[k];
            }
        }
        double r = root(turned, lambda, block.norm());
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            double weight = turned[i] * r / (lambda[i] * r + block.norm());
            for (int k = 0; k < n; k++) {
                v[k] += weight * vectors[i * n + k];
            }
        }
        return v;
    }

    /**
     * Newton's method for S(r)^(−1/2) = 1, with S the sum above: a concave function of r, below 1 at 0, so the steps
     * increase to the root.
     */
    private static double root(double[] b, double[] lambda, double norm) {
        double r = 0;
        for (int step = 0; step < ROOT_STEPS; step++) {
            double sum = 0;
            double slope = 0;
            for (int i = 0; i < b.length; i++) {
                double d = lambda[i] * r + norm;
                double term = b[i] / d * (b[i] / d);
                sum += term;
                slope += term * lambda[i] / d;
            }
            double change = (Math.sqrt(sum) - 1) * sum / slope;
            if (!(change > ROOT_TOLERANCE * r)) {
                break;
            }
            r += change;
        }
        return r;
    }
}
