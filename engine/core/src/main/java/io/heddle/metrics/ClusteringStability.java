package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import java.util.List;

/**
 * The agreement of several clusterings of the same points, for example of one method with several seeds. It is high if
 * the data determine the clusters and low if the seed does. No true classes are needed.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="clustering-stability"}
 *
 * @param ari mean adjusted Rand index over all pairs of clusterings
 * @param ami mean adjusted mutual information over all pairs
 * @param minimumAri minimum adjusted Rand index over all pairs
 * @param pairs number of pairs
 */
public record ClusteringStability(double ari, double ami, double minimumAri, int pairs) {
    /**
     * Compares every two of r clusterings, in O(r² · n).
     *
     * @param clusterings at least 2, each the clusters of the same points, ints ≥ 0
     * @return the agreement
     * @throws InvalidInputException if there are fewer than 2, or if they are of different lengths, empty or negative
     */
    public static ClusteringStability of(List<int[]> clusterings) {
        int runs = clusterings.size();
        InvalidInputException.require(runs >= 2, "stability needs at least 2 clusterings, not %d", runs);
        double ari = 0;
        double ami = 0;
        double minimum = 1;
        for (int i = 0; i < runs; i++) {
            for (int j = i + 1; j < runs; j++) {
                ContingencyTable table = ContingencyTable.of(clusterings.get(i), clusterings.get(j));
                double agreement = RandIndex.of(table).adjusted();
                ari += agreement;
                ami += MutualInformation.of(table).adjusted();
                minimum = Math.min(minimum, agreement);
            }
        }
        int pairs = runs * (runs - 1) / 2;
        return new ClusteringStability(ari / pairs, ami / pairs, minimum, pairs);
    }
}
