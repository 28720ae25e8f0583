package io.heddle.layout;

/**
 * The similarity of two rows at distance d on the map: 1 / (1 + a·d²). The scale a is the least-squares fit to the
 * curve that UMAP aims at: 1 up to the minimum distance, then exp(minimum − d).
 *
 * @param a scale, &gt; 0
 */
record Curve(float a) {
    private static final int POINTS = 300;
    private static final double FARTHEST = 3;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int STEPS = 80;

    /** Returns the fit by golden-section search over the logarithm of the scale. */
    static Curve of(double minimumDistance) {
        double low = Math.log(1e-2);
        double high = Math.log(1e3);
        for (int i = 0; i < STEPS; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (error(Math.exp(left), minimumDistance) < error(Math.exp(right), minimumDistance)) {
                high = right;
            } else {
                low = left;
            }
        }
        return new Curve((float) Math.exp((low + high) / 2));
    }

    private static double error(double a, double minimumDistance) {
        double sum = 0;
        for (int i = 0; i < POINTS; i++) {
            double d = FARTHEST * i / (POINTS - 1);
            double wanted = d <= minimumDistance ? 1 : Math.exp(minimumDistance - d);
            double difference = 1 / (1 + a * d * d) - wanted;
            sum += difference * difference;
        }
        return sum;
    }
}
