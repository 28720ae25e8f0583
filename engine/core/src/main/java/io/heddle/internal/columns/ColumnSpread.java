package io.heddle.internal.columns;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds columns that lost their spread by rounding to float, because the mean is much larger. For example, floats near
 * 1.7e9, the seconds of a date, are 128 apart. The engine cannot restore the lost digits; it reports the columns.
 *
 * <p>A column is reported if its mean is 1,024 or more, its values use the last bit of their floats, and its standard
 * deviation is less than 32 times the distance of two floats there: rounding then is 1 % of the deviation or more.
 * Columns of whole numbers below 2²³ and constant columns are exact and never reported. The report is a warning on
 * {@link System.Logger} {@code io.heddle}. It is an exception if only such columns vary, with deviations below two such
 * distances.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="column-spread"}
 */
public final class ColumnSpread {
    private static final int SAMPLE = 1024;
    private static final double MINIMUM_MEAN = 1024;
    /** The mean of a sample of such a column is larger than this. */
    private static final double POSSIBLE_MEAN = 1000;

    private static final double STEPS = 32;
    private static final double FEW_STEPS = 2;
    private static final int MAXIMUM_NAMED = 5;
    /** Share of the total spread below which the other columns count as constant. */
    private static final double MINIMUM_SHARE = 1e-6;

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
     * Logs the result of {@link #warning}, if there is one.
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
     * {@return the warning that names such columns, empty if there are none} Checks 1,024 rows, and all rows of columns
     * in doubt.
     *
     * @param x n × d; a matrix of bytes is exact
     * @param moments of x
     * @param name names the matrix in messages
     * @throws InvalidInputException if no other columns vary
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
            if (Math.abs(mean[j]) < MINIMUM_MEAN || deviation(floats, j, mean[j], SAMPLE) > 2 * STEPS * step) {
                continue;
            }
            double deviation = deviation(floats, j, mean[j], floats.rows());
            if (deviation > 0 && deviation < STEPS * step && usesLastBit(floats, j)) {
                found.add(new Lossy(j, mean[j], deviation, step));
                // At a distance of 1 the values may be whole numbers, which are exact.
                boolean gone = deviation < FEW_STEPS * step && step != 1;
                others -= gone ? deviation * deviation * floats.rows() : 0;
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String columns = found.stream().limit(MAXIMUM_NAMED).map(Lossy::text).collect(Collectors.joining(", "));
        String more = found.size() > MAXIMUM_NAMED ? " and %d more".formatted(found.size() - MAXIMUM_NAMED) : "";
        String sentence = ("%s: rounding to float has cost %s%s a part of their spread; subtract the mean of such a"
                        + " column in double before its values become floats")
                .formatted(name, columns, more);
        InvalidInputException.require(others > MINIMUM_SHARE * moments.squaredDeviations(), "%s", sentence);
        return Optional.of(sentence);
    }

    /**
     * {@return whether a column may be reported, by the means alone}
     *
     * @param moments of the data, or of a sample of the rows
     */
    public static boolean isPossible(ColumnMoments moments) {
        return Arrays.stream(moments.mean()).anyMatch(mean -> Math.abs(mean) > POSSIBLE_MEAN);
    }

    /** Checks at most this many rows, evenly spaced. */
    private static double deviation(FloatMatrix x, int column, double mean, long maximum) {
        long n = x.rows();
        long count = Math.min(n, maximum);
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
