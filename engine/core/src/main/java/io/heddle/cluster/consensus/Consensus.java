package io.heddle.cluster.consensus;

import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.Assignment;
import java.util.List;

/** Aligns the cluster numbers of several clusterings and averages their probabilities. */
final class Consensus {

    private Consensus() {}

    /**
     * For each clustering and each of its clusters, the matching cluster of the first clustering, by the best
     * one-to-one assignment of rows.
     *
     * @param probabilities n × K each
     */
    static int[][] align(List<FloatMatrix> probabilities) {
        int clusters = probabilities.getFirst().columns();
        int[] leading = labels(probabilities.getFirst());
        int[][] aligned = new int[probabilities.size()][];
        for (int h = 0; h < aligned.length; h++) {
            int[] labels = labels(probabilities.get(h));
            long[] shared = new long[clusters * clusters];
            for (int i = 0; i < labels.length; i++) {
                shared[labels[i] * clusters + leading[i]]++;
            }
            aligned[h] = Assignment.maximize(shared, clusters, clusters);
        }
        return aligned;
    }

    /**
     * The share of rows with the same cluster in the first clustering and another, the mean over the others; NaN if
     * there are none.
     *
     * @param aligned see {@link #align}
     */
    static double agreement(List<FloatMatrix> probabilities, int[][] aligned) {
        int[] leading = labels(probabilities.getFirst());
        long same = 0;
        for (int h = 1; h < aligned.length; h++) {
            int[] labels = labels(probabilities.get(h));
            for (int i = 0; i < labels.length; i++) {
                same += aligned[h][labels[i]] == leading[i] ? 1 : 0;
            }
        }
        return (double) same / ((long) leading.length * (aligned.length - 1));
    }

    /** Adds a row of probabilities, renumbered and weighted, to a row of votes. */
    static void vote(FloatMatrix p, long row, int[] aligned, float weight, FloatMatrix votes, long to) {
        for (int k = 0; k < aligned.length; k++) {
            float share = Elements.get(p, row, k);
            Elements.set(votes, to, aligned[k], Elements.get(votes, to, aligned[k]) + weight * share);
        }
    }

    /** The cluster with the greatest share of each row, the lowest if several are equal. */
    static int[] labels(FloatMatrix shares) {
        int[] labels = new int[(int) shares.rows()];
        for (int i = 0; i < labels.length; i++) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < shares.columns(); k++) {
                float share = Elements.get(shares, i, k);
                if (share > maximum) {
                    maximum = share;
                    labels[i] = k;
                }
            }
        }
        return labels;
    }
}
