package io.heddle.cluster;

/** Distances to centres by loops in double. */
final class PlainDistances {
    private PlainDistances() {}

    static double squares(double[] a, double[] b) {
        double squares = 0;
        for (int j = 0; j < a.length; j++) {
            squares += Math.pow(a[j] - b[j], 2);
        }
        return squares;
    }

    /** The first of the nearest centres. */
    static int nearest(double[] row, double[][] centers) {
        int best = 0;
        for (int c = 1; c < centers.length; c++) {
            best = squares(row, centers[c]) < squares(row, centers[best]) ? c : best;
        }
        return best;
    }
}
