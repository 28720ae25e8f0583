package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Converts tables to float features. Numbers are centred in double before the conversion to float, so that columns far
 * from zero keep their digits, and optionally standardized. Text becomes one feature per category. Missing values are
 * replaced. Dates become days or seconds. Columns of text, dates or missing values need a {@link Treatment}; none is
 * guessed.
 *
 * <p>Columns are matched by name. If one of the tables has no names, see {@link Table#named()}, they are matched by
 * position, and the numbers of columns must be equal.
 *
 * <p>Immutable, and usable from any number of threads. Fitting reads the table three or four times, in O(rows ·
 * columns) time and O(columns) memory; a median needs O(rows) more. Transforming reads it once.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="table-preprocessor"}
 */
public final class TablePreprocessor {
    private static final int BLOCK = 256;

    private final List<FittedColumn> columns;
    private final boolean named;
    private final int features;
    /** Bound to rows of exactly these columns. */
    private final ColumnBinding[] own;

    /**
     * The options of a fit.
     *
     * @param treatments treatments by column name; a column without one must hold numbers or booleans without missing
     *     values, which are used unchanged
     * @param center whether the mean of each number is subtracted, or the median of a sample if the mean is far from
     *     most values and numbers are not standardized; default true. Use false if zero has a meaning, for example for
     *     angles between rows
     * @param standardize whether numbers are divided by their standard deviation; default false. Categories are never
     *     divided
     * @param maxCategories maximum number of features of a column of text, for its most frequent categories; the others
     *     share one more. Default 50
     */
    public record Options(Map<String, Treatment> treatments, boolean center, boolean standardize, int maxCategories) {
        /**
         * Checks the limit.
         *
         * @throws InvalidInputException if {@code maxCategories} is less than 1
         */
        public Options {
            treatments = Map.copyOf(treatments);
            require(maxCategories >= 1, "a column of text needs at least one category, not %d", maxCategories);
        }

        /** {@return the defaults above} */
        public static Options defaults() {
            return new Options(Map.of(), true, false, 50);
        }

        /**
         * {@return these options with a treatment for a column}
         *
         * @param column name of the column
         * @param treatment how it becomes features
         */
        public Options withTreatment(String column, Treatment treatment) {
            Map<String, Treatment> more = new LinkedHashMap<>(treatments);
            more.put(column, treatment);
            return new Options(more, center, standardize, maxCategories);
        }

        /**
         * {@return these options with or without centred numbers}
         *
         * @param value whether the mean is subtracted, or without standardization, in a column of a few huge values,
         *     the median of a sample
         */
        public Options withCenter(boolean value) {
            return new Options(treatments, value, standardize, maxCategories);
        }

        /**
         * {@return these options with or without scaled numbers}
         *
         * @param value whether numbers are divided by their standard deviation
         */
        public Options withStandardize(boolean value) {
            return new Options(treatments, center, value, maxCategories);
        }

        /**
         * {@return these options with another limit of categories}
         *
         * @param value the limit, ≥ 1
         */
        public Options withMaxCategories(int value) {
            return new Options(treatments, center, standardize, value);
        }
    }

    private TablePreprocessor(List<FittedColumn> columns, boolean named) {
        require(!columns.isEmpty(), "there are no columns");
        this.columns = List.copyOf(columns);
        this.named = named;
        this.features = columns.stream().mapToInt(FittedColumn::features).sum();
        Set<String> names = new HashSet<>();
        for (FittedColumn column : columns) {
            require(
                    names.add(column.column().name()),
                    "there are two columns '%s'",
                    column.column().name());
        }
        own = new ColumnBinding[columns.size()];
        int feature = 0;
        for (int c = 0; c < own.length; c++) {
            own[c] = new ColumnBinding(columns.get(c), columns.get(c).column(), c, feature);
            feature += columns.get(c).features();
        }
    }

    /**
     * {@return a preprocessor with given columns, for example from a file}
     *
     * @param columns in their order, at least one, with distinct names
     * @param named whether the columns have names other than their numbers
     */
    public static TablePreprocessor of(List<FittedColumn> columns, boolean named) {
        return new TablePreprocessor(columns, named);
    }

    /**
     * Finds the columns that need a decision: text and dates without a treatment, and missing values without a
     * replacement.
     *
     * @param table the training rows
     * @param options the existing treatments
     * @return one per such column, in their order; empty if {@link #fit} needs no further treatment
     */
    public static List<ColumnDecision> decisions(Table table, Options options) {
        ColumnScan scan = ColumnScan.of(table, WorkerPool.shared());
        List<ColumnDecision> open = new ArrayList<>();
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            Treatment treatment = options.treatments().get(column.name());
            boolean kind =
                    treatment == null && column.kind() != Column.Kind.NUMBER && column.kind() != Column.Kind.BOOLEAN;
            boolean missing =
                    scan.missing[j] > 0 && (treatment == null || treatment.missing() == Treatment.Missing.REFUSE);
            if (kind || missing) {
                long distinct = scan.counts[j] == null
                        ? 0
                        : Arrays.stream(scan.counts[j])
                                .filter(count -> count > 0)
                                .count();
                open.add(ColumnDecision.of(column, j, scan.missing[j], table.rows(), distinct, treatment));
            }
        }
        return open;
    }

    /**
     * Finds the training rows: all except those with a missing value in a column with
     * {@link Treatment.Missing#DROP_ROWS}.
     *
     * @param table the rows
     * @param options with the treatments
     * @return their numbers, ascending; empty if all rows are used
     */
    public static Optional<int[]> completeRows(Table table, Options options) {
        int[] checked = IntStream.range(0, table.columns().size())
                .filter(j -> {
                    Treatment treatment =
                            options.treatments().get(table.columns().get(j).name());
                    return treatment != null && treatment.missing() == Treatment.Missing.DROP_ROWS;
                })
                .toArray();
        if (checked.length == 0) {
            return Optional.empty();
        }
        int[] complete = IntStream.range(0, Math.toIntExact(table.rows()))
                .filter(i -> IntStream.of(checked).noneMatch(j -> Double.isNaN(table.value(i, j))))
                .toArray();
        return complete.length == table.rows() ? Optional.empty() : Optional.of(complete);
    }

    /**
     * Fits a preprocessor to all columns of a table, with the threads of {@link WorkerPool#shared()}.
     *
     * @param table the training rows, at least one; rows that {@link #completeRows} leaves out are ignored
     * @param options treatments of its columns
     * @return the preprocessor
     * @throws InvalidInputException if columns need a treatment (the message names all of them), if a treatment is for
     *     an unknown column or not valid for its kind, or if a value is infinite or exceeds the range of float
     */
    public static TablePreprocessor fit(Table table, Options options) {
        return fit(table, null, options);
    }

    /**
     * Fits a preprocessor to weighted rows: a row of weight w counts as w rows, in means, deviations and replacements
     * and for the most frequent categories. The values of a row of weight 0 do not count, but if they are missing, they
     * need a treatment.
     *
     * @param table the training rows, at least one; rows that {@link #completeRows} leaves out are ignored
     * @param weights one per row of the table, finite and ≥ 0; or null for 1 each
     * @param options treatments of its columns
     * @return the preprocessor
     * @throws InvalidInputException as {@link #fit(Table, Options)}, or if the weights do not fit, or those of all rows
     *     are 0
     */
    public static TablePreprocessor fit(Table table, double[] weights, Options options) {
        for (String name : options.treatments().keySet()) {
            require(table.indexOf(name) >= 0, "there is a treatment for a column '%s', but no such column", name);
        }
        RowWeights given = weights == null ? RowWeights.NONE : RowWeights.of(weights, table.rows());
        Optional<int[]> complete = completeRows(table, options);
        Table rows = complete.map(table::rows).orElse(table);
        require(rows.rows() >= 1, "there is no training row%s", table.rows() > 0 ? " without a missing value" : "");
        List<ColumnDecision> open = decisions(rows, options);
        require(
                open.isEmpty(),
                "columns need a treatment: %s",
                String.join(
                        ", ", open.stream().map(TablePreprocessor::described).toList()));
        List<Treatment> treatments = new ArrayList<>();
        for (Column column : table.columns()) {
            Treatment treatment = options.treatments().getOrDefault(column.name(), Treatment.number());
            requireFit(column, treatment);
            treatments.add(treatment);
        }
        RowWeights kept = given.isNone() || complete.isEmpty()
                ? given
                : given.of(Arrays.stream(complete.get()).asLongStream().toArray());
        return new TablePreprocessor(
                PreprocessorFit.of(rows, kept, treatments, options, WorkerPool.shared()), table.named());
    }

    private static String described(ColumnDecision open) {
        Column column = open.column();
        boolean plain = column.kind() == Column.Kind.NUMBER || column.kind() == Column.Kind.BOOLEAN;
        return "'%s' (%s)"
                .formatted(
                        column.name(),
                        plain || open.missing() > 0
                                ? (plain ? "" : ColumnBinding.plural(column.kind()) + ", ")
                                        + "%d of %d missing".formatted(open.missing(), open.rows())
                                : ColumnBinding.plural(column.kind()));
    }

    private static void requireFit(Column column, Treatment treatment) {
        boolean date = column.kind() == Column.Kind.DATE || column.kind() == Column.Kind.TIMESTAMP;
        boolean fits =
                switch (treatment.encoding()) {
                    case NUMBER -> column.kind() == Column.Kind.NUMBER || column.kind() == Column.Kind.BOOLEAN;
                    case ONE_HOT -> true;
                    case DAYS, SECONDS -> date;
                };
        require(
                fits,
                "column '%s' holds %s, which cannot become %s",
                column.name(),
                ColumnBinding.plural(column.kind()),
                switch (treatment.encoding()) {
                    case NUMBER -> "numbers";
                    case ONE_HOT -> "categories";
                    case DAYS -> "days";
                    case SECONDS -> "seconds";
                });
    }

    /** {@return the fitted columns, in the order of their features} */
    public List<FittedColumn> columns() {
        return columns;
    }

    /** {@return name and kind of the required columns} */
    public List<Column> inputColumns() {
        return columns.stream().map(FittedColumn::column).toList();
    }

    /** {@return whether columns have names other than their numbers} */
    public boolean named() {
        return named;
    }

    /** {@return the number of features} */
    public int features() {
        return features;
    }

    /** {@return the name of each feature, such as {@code age} or {@code color=red}} */
    public List<String> featureNames() {
        return columns.stream().flatMap(c -> c.featureNames().stream()).toList();
    }

    /** {@return whether all columns are numeric, so that single rows can be transformed} */
    public boolean numeric() {
        return columns.stream().noneMatch(FittedColumn::oneHot);
    }

    /**
     * {@return whether the columns of a table are matched by position, because one of both has no names}
     *
     * @param table the table
     */
    public boolean matchesByPlace(Table table) {
        boolean byName = columns.stream().allMatch(c -> table.indexOf(c.column().name()) >= 0);
        return !byName && (!named || !table.named()) && table.columns().size() == columns.size();
    }

    /**
     * {@return the required columns that a table does not have}
     *
     * @param table the table
     */
    public List<String> missingColumns(Table table) {
        return matchesByPlace(table)
                ? List.of()
                : columns.stream()
                        .map(c -> c.column().name())
                        .filter(name -> table.indexOf(name) < 0)
                        .toList();
    }

    /**
     * {@return the columns of a table that are not required}
     *
     * @param table the table
     */
    public List<String> extraColumns(Table table) {
        if (matchesByPlace(table)) {
            return List.of();
        }
        Set<String> taken = new HashSet<>();
        columns.forEach(c -> taken.add(c.column().name()));
        return table.columns().stream()
                .map(Column::name)
                .filter(name -> !taken.contains(name))
                .toList();
    }

    /**
     * Finds categories without their own feature. They are counted in the shared feature if there is one, otherwise all
     * features are 0.
     *
     * @param table the table
     * @return these texts by column; empty if there are none
     * @throws InvalidInputException if a column is missing
     */
    public Map<String, List<String>> unknownCategories(Table table) {
        Map<String, List<String>> unknown = new LinkedHashMap<>();
        int[] places = places(table);
        for (int c = 0; c < places.length; c++) {
            Column given = table.columns().get(places[c]);
            FittedColumn fitted = columns.get(c);
            if (!fitted.oneHot() || given.kind() != Column.Kind.CATEGORY) {
                continue;
            }
            Set<String> known = new HashSet<>(fitted.column().categories());
            List<String> texts = given.categories().stream()
                    .filter(text -> !known.contains(text))
                    .toList();
            if (!texts.isEmpty()) {
                unknown.put(fitted.column().name(), texts);
            }
        }
        return unknown;
    }

    private int[] places(Table table) {
        if (matchesByPlace(table)) {
            return IntStream.range(0, columns.size()).toArray();
        }
        List<String> missing = missingColumns(table);
        require(
                missing.isEmpty(),
                "the column%s %s of the model %s not in the table",
                missing.size() == 1 ? "" : "s",
                String.join(", ", missing.stream().map(name -> "'" + name + "'").toList()),
                missing.size() == 1 ? "is" : "are");
        return columns.stream().mapToInt(c -> table.indexOf(c.column().name())).toArray();
    }

    private List<ColumnBinding> bind(Table table) {
        int[] places = places(table);
        List<ColumnBinding> bindings = new ArrayList<>();
        int feature = 0;
        for (int c = 0; c < places.length; c++) {
            FittedColumn fitted = columns.get(c);
            bindings.add(new ColumnBinding(fitted, table.columns().get(places[c]), places[c], feature));
            feature += fitted.features();
        }
        return bindings;
    }

    /**
     * Computes the features of a table, with the threads of {@link WorkerPool#shared()}.
     *
     * @param table has all of {@link #inputColumns()}, in any order; others are ignored
     * @return rows × {@link #features()}, with the names of the features unless {@link #named()} is false, which the
     *     caller closes
     * @throws InvalidInputException if a column is missing or has another kind, or if a value is missing without a
     *     treatment, infinite, or exceeds the range of float; the message names row and column
     */
    public FloatMatrix transform(Table table) {
        List<ColumnBinding> bindings = bind(table);
        FloatMatrix out = FloatMatrix.allocate(table.rows(), features);
        try {
            RowSlices slices = RowSlices.of(table.rows(), BLOCK);
            WorkerPool.shared().run(slices.count(), (slice, worker) -> {
                double[] row = new double[table.columns().size()];
                float[] made = new float[features];
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    table.getRow(i, row);
                    Arrays.fill(made, 0);
                    for (ColumnBinding binding : bindings) {
                        binding.write(row, table.sourceRow(i), made);
                    }
                    out.setRow(i, made);
                }
            });
            return named ? out.withColumnNames(featureNames()) : out;
        } catch (RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    /**
     * Computes the features of a row of numbers, without allocation.
     *
     * @param row a value for each of {@link #inputColumns()}, in their order: NaN if it is missing, a date in days and
     *     a timestamp in seconds since 1970
     * @param to receives {@link #features()} floats, from index 0 on
     * @throws InvalidInputException if a column is text, or as for {@link #transform(Table)}
     */
    public void transform(double[] row, float[] to) {
        require(numeric(), "a single row cannot be transformed: the model has columns of text");
        require(
                row.length == columns.size(),
                "the row has %d values, but the model takes %d columns",
                row.length,
                columns.size());
        require(to.length >= features, "the array of %d floats is too short for %d features", to.length, features);
        Arrays.fill(to, 0, features, 0);
        for (ColumnBinding binding : own) {
            binding.write(row, 0, to);
        }
    }
}
