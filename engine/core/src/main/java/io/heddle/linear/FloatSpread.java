package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks that the spread of each column is not lost by rounding to float. */
final class FloatSpread {
    /** Above this, adjacent floats differ by more than 1, so whole numbers are not exact. */
    private static final double WHOLE_NUMBERS = 1 << 24;
    /** In distances of adjacent floats: with a smaller deviation, a column has only a few distinct values. */
    private static final double LOST = 2;
    /** With a smaller deviation, a logit of float weights may have an error in its third digit. */
    private static final double POOR = 1000;

    private static final int NAMED = 5;

    private FloatSpread() {}

    /**
     * Logs one warning that names the columns with few accurate digits.
     *
     * @throws io.heddle.matrix.InvalidInputException naming the first column whose values are lost
     */
    static void check(DataMatrix x, double[] mean, double[] deviation) {
        if (x instanceof FloatMatrix) {
            check(mean, deviation);
        }
    }

    /** As {@link #check(DataMatrix, double[], double[])}, of columns of floats. */
    static void check(double[] mean, double[] deviation) {
        warning(mean, deviation).ifPresent(message -> System.getLogger(FloatSpread.class.getName())
                .log(System.Logger.Level.WARNING, message));
    }

    /** As {@link #check(double[], double[])}, but returns the warning. */
    static Optional<String> warning(double[] mean, double[] deviation) {
        List<String> poor = new ArrayList<>();
        for (int j = 0; j < mean.length; j++) {
            double apart = Math.ulp((float) Math.abs(mean[j]));
            boolean large = Math.abs(mean[j]) >= WHOLE_NUMBERS;
            require(
                    !(large && deviation[j] > 0 && deviation[j] < LOST * apart),
                    "column %d has a mean of %s and a standard deviation of %s, but floats near the mean lie %s apart, "
                            + "so its values are lost; subtract the mean in double before they become floats",
                    j,
                    mean[j],
                    deviation[j],
                    apart);
            if (deviation[j] < POOR * apart && (large || deviation[j] > 0)) {
                poor.add("%d (mean %.4g, standard deviation %.2g, floats %.2g apart)"
                        .formatted(j, mean[j], deviation[j], apart));
            }
        }
        if (poor.isEmpty()) {
            return Optional.empty();
        }
        String columns = String.join("; ", poor.subList(0, Math.min(NAMED, poor.size())))
                + (poor.size() > NAMED ? "; and %d more".formatted(poor.size() - NAMED) : "");
        return Optional.of("Floats keep few digits of the spread of a column beside its mean; subtract the mean in "
                + "double before the values become floats. Columns: "
                + columns);
    }
}
