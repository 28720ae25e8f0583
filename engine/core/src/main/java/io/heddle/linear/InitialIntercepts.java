package io.heddle.linear;

import java.util.Arrays;

/** The intercepts of a model without weights, of which the probabilities are the frequencies of the classes. */
final class InitialIntercepts {
    /**
     * A class this many times as frequent as the mean. From equal probabilities, which have little curvature and a
     * large gradient, the first Newton step would overshoot so far that no shorter one helps.
     */
    private static final double DOMINANT = 4;

    private InitialIntercepts() {}

    /**
     * Writes them as the start of a fit if a class dominates. Otherwise the parameters stay zero.
     *
     * @param parameters classes × width, zero
     */
    static void start(TrainingRows rows, double[] parameters) {
        double[] counts = counts(rows);
        double mean = Arrays.stream(counts).average().orElse(0);
        if (rows.transform().constant() != 0 && Arrays.stream(counts).max().orElse(0) >= DOMINANT * mean) {
            write(rows, counts, parameters);
        }
    }

    /** Writes them. A class without rows gets the lowest probability in float. */
    static void write(TrainingRows rows, double[] parameters) {
        write(rows, counts(rows), parameters);
    }

    private static void write(TrainingRows rows, double[] counts, double[] parameters) {
        for (int c = 0; c < counts.length; c++) {
            parameters[(c + 1) * rows.width() - 1] = Math.log(Math.max(counts[c], 1e-12) / rows.count());
        }
    }

    private static double[] counts(TrainingRows rows) {
        double[] counts = new double[rows.classes()];
        for (int i = 0; i < rows.count(); i++) {
            counts[rows.labels()[i]] += rows.weights() == null ? 1 : rows.weights()[i];
        }
        return counts;
    }
}
