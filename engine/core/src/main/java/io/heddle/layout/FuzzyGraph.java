package io.heddle.layout;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * The symmetric graph of UMAP. A row's weight for a neighbour is exp(−(d − ρ) / σ), where ρ is the distance of its
 * nearest distinct neighbour, and σ makes the row's weights sum to log₂ of their number. Both directions are united as
 * a + b − a·b. Each edge is stored with both of its rows.
 *
 * @param offsets of the edges of each row, and at the end the number of all; n + 1
 * @param targets the other row of each edge
 * @param weights of the edges, above 0 and at most 1
 */
record FuzzyGraph(int[] offsets, int[] targets, float[] weights) {
    private static final int BLOCK = 256;
    private static final int STEPS = 64;
    /** Minimum of σ, relative to the mean distance. */
    private static final double NARROWEST = 1e-3;

    /** Returns the graph of neighbours within one matrix. */
    static FuzzyGraph of(Neighbors neighbors, WorkerPool pool) {
        int n = neighbors.rows();
        int k = neighbors.count();
        require(2L * n * k < Integer.MAX_VALUE - 8, "%d neighbours of %d rows exceed 2^30 edges", k, n);
        int[] indices = neighbors.indices();
        for (int other : indices) {
            require(other < n, "a layout of %d rows has no row %d", n, other);
        }
        float[] distances = neighbors.distances();
        float[] own = new float[indices.length];
        double mean = mean(distances, 0, distances.length);
        RowSlices slices = RowSlices.of(n, BLOCK);
        pool.run(slices.count(), (slice, worker) -> {
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                weigh(distances, i * k, k, mean, own);
            }
        });
        return united(n, k, indices, own);
    }

    private static double mean(float[] values, int from, int count) {
        double sum = 0;
        for (int e = from; e < from + count; e++) {
            sum += values[e];
        }
        return count == 0 ? 0 : sum / count;
    }

    /** The weights of one row. */
    private static void weigh(float[] distances, int from, int count, double meanOfAll, float[] weights) {
        double nearest = 0;
        for (int e = from; e < from + count && nearest == 0; e++) {
            nearest = distances[e];
        }
        double sigma = Math.max(
                sigma(distances, from, count, nearest),
                NARROWEST * (nearest > 0 ? mean(distances, from, count) : meanOfAll));
        for (int e = from; e < from + count; e++) {
            double beyond = distances[e] - nearest;
            weights[e] = beyond <= 0 || sigma == 0 ? 1 : (float) Math.exp(-beyond / sigma);
        }
    }

    /** Returns the width at which the weights sum to log₂ of their number, by bisection. */
    private static double sigma(float[] distances, int from, int count, double nearest) {
        double wanted = Math.log(count) / Math.log(2);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double sigma = 1;
        for (int step = 0; step < STEPS; step++) {
            double sum = 0;
            for (int e = from; e < from + count; e++) {
                double beyond = distances[e] - nearest;
                sum += beyond <= 0 ? 1 : Math.exp(-beyond / sigma);
            }
            if (Math.abs(sum - wanted) < 1e-5) {
                break;
            }
            if (sum > wanted) {
                high = sigma;
                sigma = (low + high) / 2;
            } else {
                low = sigma;
                sigma = high == Double.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
            }
        }
        return sigma;
    }

    private static FuzzyGraph united(int n, int k, int[] indices, float[] own) {
        // A row that names itself has no edge.
        int[] starts = new int[n + 1];
        for (int e = 0; e < indices.length; e++) {
            if (indices[e] != e / k) {
                starts[e / k + 1]++;
                starts[indices[e] + 1]++;
            }
        }
        for (int i = 0; i < n; i++) {
            starts[i + 1] += starts[i];
        }
        // Both directions of each edge, in the list of both rows: those that name the row first, by their numbers.
        int[] targets = new int[starts[n]];
        float[] there = new float[starts[n]];
        float[] back = new float[starts[n]];
        int[] next = starts.clone();
        for (int e = 0; e < indices.length; e++) {
            int i = e / k;
            int j = indices[e];
            if (i != j) {
                targets[next[j]] = i;
                back[next[j]++] = own[e];
            }
        }
        int[] named = next.clone();
        for (int e = 0; e < indices.length; e++) {
            int i = e / k;
            int j = indices[e];
            if (i != j) {
                int known = find(targets, starts[i], named[i], j);
                int at = known >= 0 ? known : next[i]++;
                targets[at] = j;
                there[at] = own[e];
            }
        }
        return compact(n, starts, next, targets, there, back);
    }

    /** The place of a number in an ascending part, or −1. */
    private static int find(int[] sorted, int from, int to, int number) {
        int at = Arrays.binarySearch(sorted, from, to, number);
        return at < 0 ? -1 : at;
    }

    private static FuzzyGraph compact(int n, int[] starts, int[] ends, int[] targets, float[] there, float[] back) {
        int[] offsets = new int[n + 1];
        for (int i = 0; i < n; i++) {
            offsets[i + 1] = offsets[i] + ends[i] - starts[i];
        }
        int[] joined = new int[offsets[n]];
        float[] weights = new float[offsets[n]];
        for (int i = 0; i < n; i++) {
            int at = offsets[i];
            for (int e = starts[i]; e < ends[i]; e++) {
                joined[at] = targets[e];
                weights[at++] = there[e] + back[e] - there[e] * back[e];
            }
        }
        return new FuzzyGraph(offsets, joined, weights);
    }

    int rows() {
        return offsets.length - 1;
    }
}
