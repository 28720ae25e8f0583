package io.heddle.metrics;

import it.unimi.dsi.fastutil.longs.Long2LongAVLTreeMap;

/**
 * The expected mutual information of two random labelings of given sizes, over all permutations of one of them: N. X.
 * Vinh, J. Epps and J. Bailey, <i>Information theoretic measures for clusterings comparison</i>, Journal of Machine
 * Learning Research 11 (2010), equation 24a.
 *
 * <p>The number of points that a class and a cluster share by chance is hypergeometric. Its probabilities are computed
 * from their ratios, starting at the mode, until they are negligible, and divided by their sum. Log-gamma functions
 * would lose digits by cancellation.
 */
final class ExpectedInformation {
    /** Probabilities below this share of the mode's cannot change the sum. */
    private static final double NEGLIGIBLE = 1e-25;

    private ExpectedInformation() {}

    /**
     * In nats; O(p·σ) for p pairs of distinct sizes, with σ the standard deviation of their number of shared points.
     */
    static double of(ContingencyTable table) {
        Long2LongAVLTreeMap classSizes = new Long2LongAVLTreeMap();
        for (int c = 0; c < table.classes(); c++) {
            classSizes.addTo(table.classSize(c), 1);
        }
        Long2LongAVLTreeMap clusterSizes = new Long2LongAVLTreeMap();
        for (int k = 0; k < table.clusters(); k++) {
            clusterSizes.addTo(table.clusterSize(k), 1);
        }
        double sum = 0;
        for (var c : classSizes.long2LongEntrySet()) {
            for (var k : clusterSizes.long2LongEntrySet()) {
                double pairs = (double) c.getLongValue() * k.getLongValue();
                sum += pairs * ofPair(c.getLongKey(), k.getLongKey(), table.total());
            }
        }
        return sum;
    }

    /**
     * Returns the expected contribution of a class of size a and a cluster of size b.
     *
     * @param n number of points
     */
    private static double ofPair(long a, long b, long n) {
        long minimum = Math.max(0, a + b - n);
        long maximum = Math.min(a, b);
        long mode = Math.clamp((a + 1) * (b + 1) / (n + 2), minimum, maximum);
        double independent = (double) a * b / n;
        double weights = 0;
        double sum = 0;
        double weight = 1;
        for (long s = mode; s <= maximum && weight > NEGLIGIBLE; s++) {
            weights += weight;
            sum += weight * term(s, independent);
            weight *= (double) (a - s) / (s + 1) * (b - s) / (n - a - b + s + 1);
        }
        weight = 1;
        for (long s = mode; s > minimum && weight > NEGLIGIBLE; s--) {
            weight *= (double) s / (a - s + 1) * (n - a - b + s) / (b - s + 1);
            weights += weight;
            sum += weight * term(s - 1, independent);
        }
        return sum / weights / n;
    }

    private static double term(long shared, double independent) {
        return shared == 0 ? 0 : shared * Math.log(shared / independent);
    }
}
