package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.ColumnDecision;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import io.heddle.preprocessing.Treatment.Encoding;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The treatment of columns that are not plain numbers: options of commands that train on tables. A picocli mixin. */
public final class ColumnFlags {
    @Option(
            names = "--one-hot",
            paramLabel = "COLUMN",
            description = "Encode a column of text or codes as one column per category. Names "
                    + "separated by commas; a name that contains a comma in double quotes.")
    private List<String> oneHot = List.of();

    @Option(
            names = "--missing",
            paramLabel = "[COLUMN=]HOW",
            description =
                    "Replace missing values of a column, or of all columns: mean, median, most-frequent, "
                            + "category (text only: a separate category) or drop-rows; +indicator adds a column that marks them.")
    private List<String> missing = List.of();

    @Option(
            names = "--dates",
            paramLabel = "[COLUMN=]UNIT",
            description = "Convert a column of dates or times, or all of them, to days or seconds since 1970.")
    private List<String> dates = List.of();

    @Option(
            names = "--max-categories",
            paramLabel = "N",
            defaultValue = "50",
            description = "Maximum number of columns per --one-hot column; rarer categories share one more. Default: "
                    + "${DEFAULT-VALUE}.")
    private int maxCategories;

    @Option(
            names = "--auto",
            description = "Choose and report a treatment for every column that needs one: one-hot for text, "
                    + "the median for missing numbers, days for dates; text with a different value in nearly every row is left "
                    + "out.")
    private boolean auto;

    /** Returns the options for reading training data: categories are read as text. */
    public DataOptions reading(DataOptions given) {
        Map<String, Column.Kind> kinds = new HashMap<>(given.roles().kinds());
        for (String option : oneHot) {
            kinds.put(option, Column.Kind.CATEGORY);
            ColumnNames.split(option).forEach(name -> kinds.put(name, Column.Kind.CATEGORY));
        }
        return given.withRoles(given.roles().withKinds(kinds));
    }

    /** Opens a catalogue: tables become features, images are not changed. */
    public DataSource open(String data, DataOptions given, TablePreprocessor.Options options, PrintStream err)
            throws IOException {
        DataSource source = DataSource.open(data, reading(given), PlainText.notes(err));
        return source.images().isPresent() ? source : features(source, options, err);
    }

    /**
     * Returns the features of a table, fitted to all rows with their weights; other data are returned unchanged.
     *
     * @param source the data, owned by the result and closed if this throws
     * @param options options of the preprocessing except those of single columns
     * @throws InvalidInputException if columns need a decision; the message lists all of them
     */
    public DataSource features(DataSource source, TablePreprocessor.Options options, PrintStream err)
            throws IOException {
        try {
            Optional<Table> table = source.table();
            return table.isPresent() ? fitted(source, table.get(), options, err) : source;
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private DataSource fitted(DataSource source, Table table, TablePreprocessor.Options defaults, PrintStream err)
            throws IOException {
        TablePreprocessor.Options options = treatments(table, source.name(), defaults.withMaxCategories(maxCategories));
        List<ColumnDecision> open = TablePreprocessor.decisions(table, options);
        List<Integer> out = new ArrayList<>();
        if (!open.isEmpty()) {
            ColumnAdvice advice =
                    new ColumnAdvice(source.name(), table.columns().size(), open);
            InvalidInputException.require(auto, "%s", advice.refusal());
            for (ColumnDecision decision : open) {
                if (decision.obvious().isPresent()) {
                    options = options.withTreatment(
                            decision.column().name(), decision.obvious().get());
                } else {
                    out.add(decision.place());
                }
            }
            PlainText.notes(err).accept(advice.taken());
        }
        Table values = table.drop(out.stream().mapToInt(Integer::intValue).toArray());
        InvalidInputException.require(!values.columns().isEmpty(), "%s has no feature column left", source.name());
        RoundedWholes.note(source, values, err);
        RowCounters.note(source, values, err);
        SuspectNumbers.note(source, values, err);
        Optional<int[]> kept = TablePreprocessor.completeRows(values, options);
        kept.ifPresent(rows -> err.printf(
                "%s: leaves out %d of %d rows with missing values%n",
                source.name(), values.rows() - rows.length, values.rows()));
        TablePreprocessor preprocessor;
        try {
            preprocessor = TablePreprocessor.fit(values, source.weights().orElse(null), options);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(source.name() + ": " + e.getMessage());
        }
        return FeatureSource.fitted(source, values, preprocessor, kept);
    }

    /** Returns the treatments of the options. */
    private TablePreprocessor.Options treatments(Table table, String place, TablePreprocessor.Options defaults) {
        Map<String, Treatment> treatments = new LinkedHashMap<>();
        for (String name : ColumnNames.of(oneHot, table, "--one-hot", place)) {
            treatments.put(name, Treatment.oneHot());
        }
        for (String option : dates) {
            Assignment a = Assignment.parse(option, table, "--dates", place);
            Encoding unit =
                    switch (a.value) {
                        case "days" -> Encoding.DAYS;
                        case "seconds" -> Encoding.SECONDS;
                        default ->
                            throw new InvalidInputException(
                                    "--dates must be days or seconds, as in --dates born=days, not '%s'"
                                            .formatted(a.value));
                    };
            for (Column column : table.columns()) {
                boolean date = column.kind() == Column.Kind.DATE || column.kind() == Column.Kind.TIMESTAMP;
                if (a.column.isEmpty() ? date : a.column.get().equals(column.name())) {
                    treatments.put(column.name(), Treatment.of(unit));
                }
            }
        }
        // Options of single columns override the option for all columns.
        for (boolean single : new boolean[] {false, true}) {
            for (String option : missing) {
                Assignment a = Assignment.parse(option, table, "--missing", place);
                if (a.column.isPresent() == single) {
                    missing(a, table, treatments);
                }
            }
        }
        return new TablePreprocessor.Options(
                treatments, defaults.center(), defaults.standardize(), defaults.maxCategories());
    }

    private void missing(Assignment a, Table table, Map<String, Treatment> treatments) {
        boolean indicator = a.value.endsWith("+indicator");
        String word = indicator ? a.value.substring(0, a.value.length() - "+indicator".length()) : a.value;
        Treatment.Missing how =
                switch (word) {
                    case "mean" -> Treatment.Missing.MEAN;
                    case "median" -> Treatment.Missing.MEDIAN;
                    case "most-frequent" -> Treatment.Missing.MOST_FREQUENT;
                    case "category" -> Treatment.Missing.CATEGORY;
                    case "drop-rows" -> Treatment.Missing.DROP_ROWS;
                    default ->
                        throw new InvalidInputException(
                                "--missing must be mean, median, most-frequent, category or drop-rows, as in --missing age=median, not '%s'"
                                        .formatted(word));
                };
        for (Column column : table.columns()) {
            Treatment now = treatments.get(column.name());
            boolean plain = column.kind() == Column.Kind.NUMBER || column.kind() == Column.Kind.BOOLEAN;
            if (a.column.isPresent() && a.column.get().equals(column.name())) {
                Treatment base = now != null ? now : usual(column.kind());
                treatments.put(column.name(), base.withMissing(how).withIndicator(indicator));
            } else if (a.column.isEmpty() && (now != null || plain)) {
                Treatment base = now != null ? now : Treatment.number();
                boolean text = base.encoding() == Encoding.ONE_HOT;
                boolean means = how == Treatment.Missing.MEAN || how == Treatment.Missing.MEDIAN;
                // Options only for numbers or only for text do not change other columns.
                if (!(text && means || !text && how == Treatment.Missing.CATEGORY)) {
                    treatments.put(column.name(), base.withMissing(how).withIndicator(indicator));
                }
            }
        }
    }

    private static Treatment usual(Column.Kind kind) {
        return switch (kind) {
            case NUMBER, BOOLEAN -> Treatment.number();
            case CATEGORY -> Treatment.oneHot();
            case DATE -> Treatment.of(Encoding.DAYS);
            case TIMESTAMP -> Treatment.of(Encoding.SECONDS);
        };
    }

    /** A value for a column, or for all. */
    private record Assignment(Optional<String> column, String value) {
        static Assignment parse(String option, Table table, String flag, String place) {
            int at = option.lastIndexOf('=');
            if (at < 0) {
                return new Assignment(Optional.empty(), option.strip());
            }
            String name = ColumnNames.unquoted(option.substring(0, at));
            ColumnNames.require(name, table, flag, place);
            return new Assignment(Optional.of(name), option.substring(at + 1).strip());
        }
    }
}
