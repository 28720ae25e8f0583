package io.heddle.preprocessing;

import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.doubles.Double2DoubleLinkedOpenHashMap;
import it.unimi.dsi.fastutil.doubles.DoubleArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Computes the parameters of a {@link TablePreprocessor}: replacements of missing values, means, standard deviations,
 * categories. A row of weight w counts as w rows, and one of weight 0 is left out.
 */
final class PreprocessorFit {
    /** Relative error of a sum of weights. Weights of 0.1, 0.2 and 0.3 have the median of weights 1, 2 and 3. */
    private static final double ROUNDING = 1e-12;

    /**
     * Below this standard deviation a column of floats has fewer than ten significant bits. Below a thousandth of it,
     * all floats are 0.
     */
    private static final double MINIMUM_RANGE = 1024 * Float.MIN_VALUE;

    /** Values from which the middle of a column is estimated. */
    private static final int SAMPLE = 1023;
    /** A mean farther from the middle, in usual distances of the values from it, costs floats more than six bits. */
    private static final double FAR = 64;

    private static final long SEED = 1;

    /** The rows that count. */
    private final Table table;
    /** Of these rows; null if all are equal. */
    private final double[] weights;
    /** The sum of the weights. */
    private final double total;
    /** Whether rows of weight 0 are left out. */
    private final boolean leftOut;

    private final TablePreprocessor.Options options;
    private final WorkerPool pool;
    private final ColumnScan scan;
    private final List<Treatment> treatments;

    private PreprocessorFit(
            Table table,
            double[] weights,
            boolean leftOut,
            List<Treatment> treatments,
            TablePreprocessor.Options options,
            WorkerPool pool) {
        this.table = table;
        this.weights = weights;
        this.leftOut = leftOut;
        this.total = weights == null ? table.rows() : Arrays.stream(weights).sum();
        this.treatments = treatments;
        this.options = options;
        this.pool = pool;
        this.scan = ColumnScan.of(table, weights, pool);
    }

    /** @param treatments treatment of each column of the table */
    static List<FittedColumn> of(
            Table table,
            RowWeights given,
            List<Treatment> treatments,
            TablePreprocessor.Options options,
            WorkerPool pool) {
        boolean all = given.countOfPositive(table.rows()) == table.rows();
        long[] counted = all ? null : given.rows(true);
        Table rows = all
                ? table
                : table.rows(Arrays.stream(counted).mapToInt(Math::toIntExact).toArray());
        double[] weights = (all ? given : given.of(counted)).nearOne();
        PreprocessorFit fit = new PreprocessorFit(rows, weights, !all, treatments, options, pool);
        fit.requireFinite();
        double[] fill = fit.fills();
        double[] mean = fit.means(fill);
        double[] factor = options.standardize() ? fit.factors(fill, mean) : ones(fill.length);
        List<FittedColumn> fitted = new ArrayList<>();
        for (int j = 0; j < fill.length; j++) {
            fitted.add(fit.column(j, fill[j], mean[j], factor[j]));
        }
        return fitted;
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void requireFinite() {
        for (int j = 0; j < treatments.size(); j++) {
            if (scan.infinite[j] >= 0) {
                long row = scan.infinite[j];
                throw new InvalidInputException("row %d, column '%s' holds %s, which is not a finite number"
                        .formatted(table.sourceRow(row), table.columns().get(j).name(), table.value(row, j)));
            }
        }
    }

    private double weight(long row) {
        return weights == null ? 1 : weights[(int) row];
    }

    private double unit(int j) {
        return FittedColumn.unit(
                treatments.get(j).encoding(), table.columns().get(j).kind());
    }

    private boolean number(int j) {
        return treatments.get(j).encoding() != Treatment.Encoding.ONE_HOT;
    }

    /**
     * Computes the replacements of missing values, in the unit of the feature; for categories the index in the table.
     */
    private double[] fills() {
        double[] fill = new double[treatments.size()];
        pool.run(fill.length, (j, worker) -> fill[j] = fill(j));
        return fill;
    }

    private double fill(int j) {
        long present = table.rows() - scan.missing[j];
        Treatment.Missing missing = treatments.get(j).missing();
        if (present == 0
                && (missing == Treatment.Missing.MEAN
                        || missing == Treatment.Missing.MEDIAN
                        || missing == Treatment.Missing.MOST_FREQUENT)) {
            throw noValue(table.columns().get(j));
        }
        return switch (missing) {
            case REFUSE, CATEGORY, DROP_ROWS -> Double.NaN;
            case MEAN -> unit(j) * mean(j);
            case MEDIAN -> unit(j) * median(j, present);
            case MOST_FREQUENT -> scan.counts[j] == null ? unit(j) * mode(j) : maximumRows(scan.counts[j]);
        };
    }

    private double mean(int j) {
        double present = total - scan.missingWeight[j];
        double first = scan.sum[j] / present;
        double rest = 0;
        for (long i = 0; i < table.rows(); i++) {
            double v = table.value(i, j);
            rest += Double.isNaN(v) ? 0 : weight(i) * (v - first);
        }
        return first + rest / present;
    }

    private double median(int j, long present) {
        InvalidInputException.require(
                present <= Integer.MAX_VALUE - 8, "a median of %d values is not supported; use the mean", present);
        double[] values = new double[(int) present];
        double[] counted = new double[weights == null ? 0 : values.length];
        int n = 0;
        for (long i = 0; i < table.rows(); i++) {
            double v = table.value(i, j);
            if (!Double.isNaN(v)) {
                if (weights != null) {
                    counted[n] = weights[(int) i];
                }
                values[n++] = v;
            }
        }
        if (weights != null) {
            return weightedMedian(values, counted);
        }
        Arrays.sort(values);
        double upper = values[n / 2];
        return n % 2 == 1 ? upper : values[n / 2 - 1] + (upper - values[n / 2 - 1]) / 2;
    }

    private static double weightedMedian(double[] values, double[] weights) {
        DoubleArrays.quickSort(values, weights);
        double half = Arrays.stream(weights).sum() / 2;
        double below = 0;
        for (int k = 0; k < values.length - 1; k++) {
            below += weights[k];
            if (Math.abs(below - half) <= ROUNDING * half) {
                return values[k] + (values[k + 1] - values[k]) / 2;
            }
            if (below > half) {
                return values[k];
            }
        }
        return values[values.length - 1];
    }

    private double mode(int j) {
        Double2DoubleLinkedOpenHashMap counts = new Double2DoubleLinkedOpenHashMap();
        for (long i = 0; i < table.rows(); i++) {
            double v = table.value(i, j);
            if (!Double.isNaN(v)) {
                counts.addTo(v, weight(i));
            }
        }
        double best = counts.firstDoubleKey();
        for (Double2DoubleLinkedOpenHashMap.Entry entry : counts.double2DoubleEntrySet()) {
            best = entry.getDoubleValue() > (1 + ROUNDING) * counts.get(best) ? entry.getDoubleKey() : best;
        }
        return best;
    }

    private static int maximumRows(double[] counts) {
        int best = 0;
        for (int c = 1; c < counts.length; c++) {
            best = counts[c] > (1 + ROUNDING) * counts[best] ? c : best;
        }
        return best;
    }

    /**
     * Computes means after missing values are replaced. A second pass over the differences corrects the rounding of the
     * sums.
     */
    private double[] means(double[] fill) {
        int d = fill.length;
        double[] unit = new double[d];
        double[] mean = new double[d];
        for (int j = 0; j < d; j++) {
            unit[j] = number(j) ? unit(j) : 0;
            double filled = Double.isNaN(fill[j]) ? 0 : scan.missingWeight[j] * fill[j];
            double rows = Double.isNaN(fill[j]) ? total - scan.missingWeight[j] : total;
            mean[j] = number(j) && rows > 0 ? (scan.sum[j] * unit[j] + filled) / rows : 0;
        }
        double[] rest = sums(fill, mean, null);
        for (int j = 0; j < d; j++) {
            mean[j] = number(j) ? mean[j] + rest[j] / total : 0;
        }
        return mean;
    }

    private double[] factors(double[] fill, double[] mean) {
        // Differences are divided by the largest one before squaring, to avoid overflow.
        double[] largest = new double[fill.length];
        for (int j = 0; j < largest.length; j++) {
            double unit = unit(j);
            double difference = Math.max(scan.maximum[j] * unit - mean[j], mean[j] - scan.minimum[j] * unit);
            largest[j] = number(j) && difference > 0 ? difference : 1;
        }
        double[] squares = sums(fill, mean, largest);
        double[] factor = new double[fill.length];
        for (int j = 0; j < factor.length; j++) {
            double deviation = largest[j] * Math.sqrt(squares[j] / total);
            // A constant column has no information. Its computed deviation may be rounding error.
            boolean constant = !(deviation > Math.ulp(mean[j]));
            factor[j] = number(j) && !constant ? 1 / deviation : 1;
        }
        return factor;
    }

    /**
     * Sums value − mean per column after missing values are replaced. A value that stays missing counts as 0.
     *
     * @param divisors divisors of the differences, to sum their squares; or null to sum the differences
     */
    private double[] sums(double[] fill, double[] mean, double[] divisors) {
        int d = fill.length;
        RowSlices slices = ColumnScan.slices(table);
        double[][] parts = new double[slices.count()][];
        pool.run(parts.length, (slice, worker) -> {
            double[] sum = new double[d];
            double[] row = new double[d];
            double[] unit = IntStream.range(0, d)
                    .mapToDouble(j -> number(j) ? unit(j) : 0)
                    .toArray();
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                table.getRow(i, row);
                double weight = weight(i);
                for (int j = 0; j < d; j++) {
                    double v = Double.isNaN(row[j]) ? fill[j] : row[j] * unit[j];
                    double difference = Double.isNaN(v) ? 0 : v - mean[j];
                    double term = divisors == null ? difference : difference / divisors[j] * (difference / divisors[j]);
                    sum[j] += weight * term;
                }
            }
            parts[slice] = sum;
        });
        double[] total = new double[d];
        for (double[] part : parts) {
            for (int j = 0; j < d; j++) {
                total[j] += part[j];
            }
        }
        return total;
    }

    private FittedColumn column(int j, double fill, double mean, double factor) {
        Column column = table.columns().get(j);
        Treatment treatment = treatments.get(j);
        if (number(j)) {
            double shift = options.center() ? shift(j, mean) : 0;
            requireRange(column, unit(j), shift, factor, j);
            return new FittedColumn(column, treatment, shift, factor, fill, false);
        }
        return oneHot(column, j, treatment, fill);
    }

    /**
     * The mean or, if it is far from most values, the middle of a sample. Beside a placeholder such as 1e12 the mean is
     * so large that differences from it would lose the digits of all other values in float.
     */
    private double shift(int j, double mean) {
        if (options.standardize()) {
            return mean;
        }
        double[] values = sample(j);
        if (values.length == 0) {
            return mean;
        }
        Arrays.sort(values);
        double middle = values[values.length / 2];
        double[] distances = otherDistances(values, middle);
        int median = values.length / 2 - (values.length - distances.length);
        if (distances.length == 0) {
            distances = otherDistances(rareValues(j, middle), middle);
        }
        if (distances.length == 0) {
            return mean;
        }
        Arrays.sort(distances);
        // The median distance. If about half of the values or more are the middle, as zeros in columns of booleans and
        // counts, it is a low quantile of the others: most of these may be placeholders.
        double usual = distances[Math.clamp(median, distances.length / 10, distances.length - 1)];
        return Math.abs(mean - middle) > FAR * usual ? middle : mean;
    }

    /** The distances from the middle, without zeros. */
    private static double[] otherDistances(double[] values, double middle) {
        return Arrays.stream(values)
                .map(value -> Math.abs(value - middle))
                .filter(distance -> distance > 0)
                .toArray();
    }

    /** Up to {@value #SAMPLE} random values of a column, in the unit of the feature. The same in each fit. */
    private double[] sample(int j) {
        int count = (int) Math.min(table.rows(), SAMPLE);
        return Arrays.stream(RowSample.choose(table.rows(), count, new SplittableRandom(SEED)))
                .mapToDouble(row -> table.value(row, j) * unit(j))
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    /** The first {@value #SAMPLE} values of a column that differ from the one of the whole sample. */
    private double[] rareValues(int j, double usual) {
        double unit = unit(j);
        if (scan.minimum[j] == scan.maximum[j]) {
            return new double[0];
        }
        return LongStream.range(0, table.rows())
                .mapToDouble(row -> table.value(row, j) * unit)
                .filter(value -> !Double.isNaN(value) && value != usual)
                .limit(SAMPLE)
                .toArray();
    }

    private void requireRange(Column column, double unit, double shift, double factor, int j) {
        double low = (scan.minimum[j] * unit - shift) * factor;
        double high = (scan.maximum[j] * unit - shift) * factor;
        boolean none = scan.minimum[j] > scan.maximum[j];
        InvalidInputException.require(
                none || Float.isFinite((float) low) && Float.isFinite((float) high) && Double.isFinite(shift),
                "column '%s' holds values from %s to %s, which exceed the range of float; convert the column to another unit%s",
                column.name(),
                scan.minimum[j],
                scan.maximum[j],
                options.standardize() ? "" : ", or standardize the columns");
        double largest = Math.max(Math.abs(low), Math.abs(high));
        InvalidInputException.require(
                none || scan.minimum[j] == scan.maximum[j] || largest >= MINIMUM_RANGE,
                "column '%s' holds values from %s to %s, whose differences are too small for floats; convert them to another unit, or standardize"
                        + " the columns",
                column.name(),
                scan.minimum[j],
                scan.maximum[j]);
    }

    /**
     * Selects the categories with their own feature, in their order. If there are too many, the others share one
     * feature.
     */
    private FittedColumn oneHot(Column column, int j, Treatment treatment, double fill) {
        List<String> texts;
        double[] counts;
        if (scan.counts[j] != null) {
            texts = column.categories();
            counts = scan.counts[j];
        } else {
            CategoryCounts found = countCategories(j);
            texts = found.texts();
            counts = found.counts();
        }
        int[] used =
                IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
        int[] kept = used;
        if (used.length > options.maxCategories()) {
            kept = IntStream.of(used)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer c) -> -counts[c]))
                    .limit(options.maxCategories())
                    .sorted()
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        List<String> names = IntStream.of(kept).mapToObj(texts::get).toList();
        if (names.isEmpty()) {
            throw noValue(column);
        }
        double index = Double.isNaN(fill)
                ? Double.NaN
                : names.indexOf(scan.counts[j] != null ? texts.get((int) fill) : CategoryText.of(column, fill));
        return new FittedColumn(
                new Column(column.name(), Column.Kind.CATEGORY, names),
                treatment,
                0,
                1,
                index,
                kept.length < used.length);
    }

    private InvalidInputException noValue(Column column) {
        return new InvalidInputException("column '%s' has no value in any row%s; leave it out"
                .formatted(column.name(), leftOut ? " with a weight above 0" : ""));
    }

    private record CategoryCounts(List<String> texts, double[] counts) {}

    /** Converts values that are not text to texts, in the order of appearance. */
    private CategoryCounts countCategories(int j) {
        Map<String, Double> counts = new LinkedHashMap<>();
        for (long i = 0; i < table.rows(); i++) {
            double v = table.value(i, j);
            if (!Double.isNaN(v)) {
                counts.merge(CategoryText.of(table.columns().get(j), v), weight(i), Double::sum);
            }
        }
        return new CategoryCounts(
                List.copyOf(counts.keySet()),
                counts.values().stream().mapToDouble(Double::doubleValue).toArray());
    }
}
