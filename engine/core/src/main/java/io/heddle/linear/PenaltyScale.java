package io.heddle.linear;

/**
 * The factor of the penalty for the parameters of each column: the product of the user's factor for the column and of
 * the ratio of the penalized weight to the parameter.
 */
final class PenaltyScale {
    private final double[] factors;
    private final double[] units;
    private final int penalised;

    /**
     * @param factors of the user, one per column; 0 for a column without a penalty
     * @param units weight per parameter, one per column, above 0
     */
    PenaltyScale(double[] factors, double[] units) {
        this.factors = factors;
        this.units = units;
        int count = 0;
        for (double factor : factors) {
            count += factor > 0 ? 1 : 0;
        }
        penalised = count;
    }

    int columns() {
        return factors.length;
    }

    /** The number of columns that have a penalty. */
    int penalised() {
        return penalised;
    }

    /** The factor of the norm of column j's parameters; 0 for the intercept, j = columns. */
    double of(int j) {
        return j == factors.length ? 0 : factors[j] * units[j];
    }

    /** Weights of the norms: of each column, and 0 for the intercept. */
    double[] norms(double l1) {
        double[] result = new double[factors.length + 1];
        for (int j = 0; j < factors.length; j++) {
            result[j] = l1 * units[j] * factors[j];
        }
        return result;
    }

    /** Weights of half the squares: of each column, and 0 for the intercept. */
    double[] squares(double l2) {
        double[] result = new double[factors.length + 1];
        for (int j = 0; j < factors.length; j++) {
            result[j] = l2 * units[j] * units[j] * factors[j];
        }
        return result;
    }
}
