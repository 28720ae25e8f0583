package io.heddle.metrics;

import java.math.BigInteger;

/**
 * The numbers of pairs of points that both, one, or neither of two labelings put in the same group. Pairs are ordered,
 * so each counts twice, which does not change the indices.
 *
 * <p>L. Hubert and P. Arabie, <i>Comparing partitions</i>, Journal of Classification 2 (1985).
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="contingency-table"}
 *
 * @param together pairs that both labelings put in the same group
 * @param onlyTruth pairs that only the true labeling puts in the same group
 * @param onlyClusters pairs that only the clustering puts in the same group
 * @param apart pairs that both labelings put in different groups
 */
public record RandIndex(long together, long onlyTruth, long onlyClusters, long apart) {
    /**
     * Counts the pairs in time linear in the number of cells; exact up to 2³¹ points.
     *
     * @param table the counts of the pairs
     * @return the numbers of pairs
     */
    public static RandIndex of(ContingencyTable table) {
        long[] cellSquares = {0};
        table.forEach((c, k, count) -> cellSquares[0] += count * count);
        long classSquares = 0;
        for (int c = 0; c < table.classes(); c++) {
            classSquares += table.classSize(c) * table.classSize(c);
        }
        long clusterSquares = 0;
        for (int k = 0; k < table.clusters(); k++) {
            clusterSquares += table.clusterSize(k) * table.clusterSize(k);
        }
        long n = table.total();
        return new RandIndex(
                cellSquares[0] - n,
                classSquares - cellSquares[0],
                clusterSquares - cellSquares[0],
                n * n - classSquares - clusterSquares + cellSquares[0]);
    }

    /**
     * {@return the adjusted Rand index: 1 for equal partitions, 0 on average for random ones of the same sizes, never
     * below −½}
     */
    public double adjusted() {
        if (onlyTruth == 0 && onlyClusters == 0) {
            return 1;
        }
        // The products exceed a long from some 70 000 points on.
        BigInteger a = BigInteger.valueOf(together);
        BigInteger b = BigInteger.valueOf(onlyTruth);
        BigInteger c = BigInteger.valueOf(onlyClusters);
        BigInteger d = BigInteger.valueOf(apart);
        BigInteger numerator = a.multiply(d).subtract(b.multiply(c)).shiftLeft(1);
        BigInteger denominator = a.add(b).multiply(b.add(d)).add(a.add(c).multiply(c.add(d)));
        return numerator.doubleValue() / denominator.doubleValue();
    }
}
