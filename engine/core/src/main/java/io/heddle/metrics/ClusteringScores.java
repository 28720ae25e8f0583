package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/**
 * Scores of a clustering against the true classes, and the class that each cluster represents.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="clustering-scores"}
 *
 * @param ari adjusted Rand index, see {@link RandIndex#adjusted()}
 * @param nmi normalized mutual information with the arithmetic mean, see {@link MutualInformation#normalized()}
 * @param ami adjusted mutual information with the arithmetic mean, see {@link MutualInformation#adjusted()}
 * @param homogeneity see {@link MutualInformation#homogeneity()}
 * @param completeness see {@link MutualInformation#completeness()}
 * @param accuracy share of the points that are in the cluster assigned to their class, for the best one-to-one
 *     assignment of classes to clusters; in (0, 1]
 * @param purity share of the points that are of the majority class of their cluster; in (0, 1]
 * @param clusterLabels the labels of the clusters that occur, ascending
 * @param majorityLabels for each of these clusters, the most frequent class; the smallest label if several are equally
 *     frequent
 * @param matchedLabels for each of these clusters, the class that the best assignment gives it, or −1
 */
public record ClusteringScores(
        double ari,
        double nmi,
        double ami,
        double homogeneity,
        double completeness,
        double accuracy,
        double purity,
        int[] clusterLabels,
        int[] majorityLabels,
        int[] matchedLabels) {
    /** Maximum number of pairs of class and cluster for the assignment: a table of 512 MB. */
    private static final long MAXIMUM_PAIRS = 1L << 26;

    /**
     * Scores a clustering, in O(n + s²·l) with s and l the smaller and the larger of the numbers of classes and
     * clusters.
     *
     * @param truth the class of each point, any ints ≥ 0
     * @param clusters the cluster of each point, any ints ≥ 0
     * @return the scores
     * @throws InvalidInputException if there is no label, the lengths differ, a label is negative, or classes times
     *     clusters exceed 2²⁶; {@link RandIndex} and {@link MutualInformation} have no such limit
     */
    public static ClusteringScores of(int[] truth, int[] clusters) {
        return of(ContingencyTable.of(truth, clusters));
    }

    /**
     * Scores a clustering from a contingency table; errors as for {@link #of(int[], int[])}.
     *
     * @param table the counts of the pairs
     * @return the scores
     */
    public static ClusteringScores of(ContingencyTable table) {
        int classes = table.classes();
        int clusters = table.clusters();
        InvalidInputException.require(
                (long) classes * clusters <= MAXIMUM_PAIRS,
                "the best assignment of %d classes to %d clusters exceeds %d pairs",
                classes,
                clusters,
                MAXIMUM_PAIRS);
        long[] shared = new long[classes * clusters];
        long[] majority = new long[clusters];
        int[] clusterLabels = new int[clusters];
        int[] majorityLabels = new int[clusters];
        table.forEach((c, k, count) -> {
            shared[c * clusters + k] = count;
            if (count > majority[k]) {
                majority[k] = count;
                majorityLabels[k] = table.classLabel(c);
            }
        });
        int[] matchedLabels = new int[clusters];
        Arrays.fill(matchedLabels, -1);
        int[] clusterOfClass = Assignment.maximize(shared, classes, clusters);
        long matched = 0;
        for (int c = 0; c < classes; c++) {
            int k = clusterOfClass[c];
            if (k >= 0) {
                matched += shared[c * clusters + k];
                matchedLabels[k] = table.classLabel(c);
            }
        }
        long pure = 0;
        for (int k = 0; k < clusters; k++) {
            clusterLabels[k] = table.clusterLabel(k);
            pure += majority[k];
        }
        MutualInformation information = MutualInformation.of(table);
        return new ClusteringScores(
                RandIndex.of(table).adjusted(),
                information.normalized(),
                information.adjusted(),
                information.homogeneity(),
                information.completeness(),
                (double) matched / table.total(),
                (double) pure / table.total(),
                clusterLabels,
                majorityLabels,
                matchedLabels);
    }

    /**
     * {@return the class that most points of a cluster have, or −1 if the cluster is empty}
     *
     * @param cluster number of the cluster
     */
    public int majorityLabel(int cluster) {
        return labelOf(cluster, majorityLabels);
    }

    /**
     * {@return the class that the best one-to-one assignment gives a cluster, or −1 if it gives none}
     *
     * @param cluster number of the cluster
     */
    public int matchedLabel(int cluster) {
        return labelOf(cluster, matchedLabels);
    }

    private int labelOf(int cluster, int[] labels) {
        int k = IndexedLabels.find(clusterLabels, cluster);
        return k < 0 ? -1 : labels[k];
    }
}
