package io.heddle.metrics;

/**
 * The mutual information of classes and clusters, with their entropies.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="contingency-table"}
 *
 * @param information mutual information of classes and clusters, in nats, ≥ 0
 * @param expected expected information for random clusters of the same sizes, in nats
 * @param classEntropy entropy of the classes, in nats, ≥ 0
 * @param clusterEntropy entropy of the clusters, in nats, ≥ 0
 */
public record MutualInformation(double information, double expected, double classEntropy, double clusterEntropy) {
    /** Share of an entropy below which information is treated as rounding error. */
    private static final double ROUNDING = 1e-13;

    /**
     * Computes information and entropies in time linear in the number of cells, and the expected information in time
     * linear in the number of pairs of distinct sizes times the standard deviation of the shared points.
     *
     * @param table the counts of the pairs
     * @return the information of the two labelings
     */
    public static MutualInformation of(ContingencyTable table) {
        double classEntropy = 0;
        for (int c = 0; c < table.classes(); c++) {
            classEntropy += entropyTerm(table.classSize(c), table.total());
        }
        double clusterEntropy = 0;
        for (int k = 0; k < table.clusters(); k++) {
            clusterEntropy += entropyTerm(table.clusterSize(k), table.total());
        }
        boolean trivial = table.classes() == 1 || table.clusters() == 1;
        return new MutualInformation(
                trivial ? 0 : information(table),
                trivial ? 0 : ExpectedInformation.of(table),
                classEntropy,
                clusterEntropy);
    }

    private static double entropyTerm(long size, double total) {
        // log(total / size) rather than −log(size / total): exactly 0, not −0, for the only label.
        return size / total * Math.log(total / size);
    }

    private static double information(ContingencyTable table) {
        double total = table.total();
        double[] sum = {0};
        table.forEach((c, k, count) -> {
            double independent = (double) table.classSize(c) * table.clusterSize(k);
            double term = count / total * Math.log(count * total / independent);
            // For independent pairs the sum is rounding error, not information.
            sum[0] += Math.abs(term) < Math.ulp(1.0) ? 0 : term;
        });
        return Math.max(sum[0], 0);
    }

    /**
     * {@return the information over the arithmetic mean of the two entropies: the NMI, also called V-measure} It is 1
     * for equal partitions, including two partitions of one part each, and 0 if only one of them has one part.
     */
    public double normalized() {
        double mean = (classEntropy + clusterEntropy) / 2;
        return mean == 0 ? 1 : Math.min(information / mean, 1);
    }

    /**
     * {@return the adjusted mutual information (AMI), with the arithmetic mean} It is 1 for equal partitions and 0 on
     * average for random ones of the same sizes. It may be negative.
     */
    public double adjusted() {
        double mean = (classEntropy + clusterEntropy) / 2;
        double room = mean - expected;
        // The expected information equals the entropies only for equal partitions with one part or one point per part.
        return room <= ROUNDING * mean ? 1 : Math.min((information - expected) / room, 1);
    }

    /** {@return 1 if each cluster holds points of one class only} */
    public double homogeneity() {
        return classEntropy == 0 ? 1 : Math.min(information / classEntropy, 1);
    }

    /** {@return 1 if each class lies within one cluster} */
    public double completeness() {
        return clusterEntropy == 0 ? 1 : Math.min(information / clusterEntropy, 1);
    }
}
