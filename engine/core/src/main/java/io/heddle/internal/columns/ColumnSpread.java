package io.heddle.internal.columns;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds columns whose spread is lost beside their mean because they were rounded to float: near 1.7e9, the seconds of a
 * date, floats are 128 apart. What was lost before the engine sees it can only be named.
 *
 * <p>A column is named if its mean is 1,024 or more, its values use the last bit of their floats, and its standard
 * deviation is less than 32 times the distance of two floats there: rounding then is 1 % of the deviation or more.
 * Columns of whole numbers below 2²³ and constant columns are exact and never named. The columns are named in a warning
 * on {@link System.Logger} {@code io.heddle}; in an exception if nothing varies but columns with deviations of less
 * than two such distances.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="column-spread"}
 */
public final class ColumnSpread {
    private static final int SAMPLE = 1024;
    private static final double LEAST_MEAN = 1024;
    private static final double STEPS = 32;
    private static final double FEW_STEPS = 2;
    private static final int MOST_NAMED = 5;
    /** A part of the whole spread that counts as none. */
    private static final double NOTHING = 1e-6;

    private ColumnSpread() {}

    private record Lossy(int column, double mean, double deviation, double step) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "column %d (mean %.6g, deviation %.3g, floats %.3g apart)",
                    column,
                    mean,
                    deviation,
                    step);
        }
    }

    /**
     * As {@link #warning}, with the sentence, if there is one, logged.
     *
     * @param x as there
     * @param moments as there
     * @param name as there
     * @throws InvalidInputException as there
     */
    public static void check(DataMatrix x, ColumnMoments moments, String name) {
        warning(x, moments, name)
                .ifPresent(sentence -> System.getLogger("io.heddle").log(System.Logger.Level.WARNING, sentence));
    }

    /**
     * {@return the sentence that names the columns, if there are such} Checks 1,024 rows, and reads columns in doubt
     * whole.
     *
     * @param x n × d; a matrix of bytes is exact
     * @param moments of x
     * @param name what the matrix is, for the sentence that a person reads
     * @throws InvalidInputException if such columns are all that varies
     */
    public static Optional<String> warning(DataMatrix x, ColumnMoments moments, String name) {
        if (!(x instanceof FloatMatrix floats)) {
            return Optional.empty();
        }
        List<Lossy> found = new ArrayList<>();
        double others = moments.squaredDeviations();
        double[] mean = moments.mean();
        for (int j = 0; j < mean.length; j++) {
            double step = Math.ulp((float) mean[j]);
            if (Math.abs(mean[j]) < LEAST_MEAN || deviation(floats, j, mean[j], SAMPLE) > 2 * STEPS * step) {
                continue;
            }
            double deviation = deviation(floats, j, mean[j], floats.rows());
            if (deviation > 0 && deviation < STEPS * step && usesLastBit(floats, j)) {
                found.add(new Lossy(j, mean[j], deviation, step));
                // At a distance of 1 they may well be whole numbers, and nothing is lost.
                boolean gone = deviation < FEW_STEPS * step && step != 1;
                others -= gone ? deviation * deviation * floats.rows() : 0;
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String columns = found.stream().limit(MOST_NAMED).map(Lossy::text).collect(Collectors.joining(", "));
        String more = found.size() > MOST_NAMED ? " and %d more".formatted(found.size() - MOST_NAMED) : "";
        String sentence = ("%s: rounding to float has cost %s%s a part of their spread; subtract the mean of such a"
                        + " column in double before its values become floats")
                .formatted(name, columns, more);
        InvalidInputException.require(others > NOTHING * moments.squaredDeviations(), "%s", sentence);
        return Optional.of(sentence);
    }

    /** By so many rows at most, evenly spaced. */
    private static double deviation(FloatMatrix x, int column, double mean, long most) {
        long n = x.rows();
        long count = Math.min(n, most);
        double sum = 0;
        for (long i = 0; i < count; i++) {
            double difference = x.get(i * n / count, column) - mean;
            sum += difference * difference;
        }
        return Math.sqrt(sum / count);
    }

    private static boolean usesLastBit(FloatMatrix x, int column) {
        for (long i = 0; i < x.rows(); i++) {
            if ((Float.floatToRawIntBits(x.get(i, column)) & 1) != 0) {
                return true;
            }
        }
        return false;
    }
}
