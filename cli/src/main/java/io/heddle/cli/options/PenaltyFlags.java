package io.heddle.cli.options;

import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.preprocessing.FittedColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the penalty of a logistic regression counts single columns. A picocli mixin. */
public final class PenaltyFlags {
    @Option(
            names = "--penalty-factor",
            paramLabel = "COLUMN=F,...",
            description = "Multiply lambda by F, 0 or more, for the weights of a column; 0 leaves the column without a "
                    + "penalty. Columns that are not named count 1. In data without column names, COLUMN is a number "
                    + "from 1 on.")
    private String factors;

    /** Whether there are factors for single columns. */
    public boolean namesColumns() {
        return factors != null;
    }

    /** Whether any of the options was given. */
    public boolean given() {
        return factors != null;
    }

    /** The name of the option that was given. */
    public String flag() {
        return "--penalty-factor";
    }

    /**
     * The options with the factors of the columns.
     *
     * @throws InvalidInputException if there is no such column, or a factor is not a number of 0 or more
     */
    public LogisticRegression.Options apply(LogisticRegression.Options options, DataSource source) {
        return factors == null ? options : options.withPenaltyFactors(byFeature(source));
    }

    /** Keeps the factors, as they were given, in the file of the model. */
    public Provenance record(Provenance provenance) {
        return factors == null ? provenance : provenance.withOption("penaltyFactor", factors);
    }

    private Map<Integer, Double> byFeature(DataSource source) {
        Map<Integer, Double> result = new HashMap<>();
        for (String part : ColumnNames.split(factors)) {
            int at = part.lastIndexOf('=');
            InvalidInputException.require(
                    at > 0,
                    "--penalty-factor is COLUMN=F,... as in --penalty-factor age=0,income=2, not '%s'",
                    factors);
            String name = ColumnNames.unquoted(part.substring(0, at).strip());
            double factor = factor(name, part.substring(at + 1).strip());
            for (int feature : features(name, source)) {
                InvalidInputException.require(
                        result.put(feature, factor) == null, "--penalty-factor names the column '%s' twice", name);
            }
        }
        return result;
    }

    private static double factor(String name, String text) {
        double factor;
        try {
            factor = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            factor = Double.NaN;
        }
        InvalidInputException.require(
                factor >= 0 && factor <= Float.MAX_VALUE,
                "--penalty-factor of the column '%s' must be a number of 0 or more, as in %s=2, not '%s'",
                name,
                name,
                text);
        return factor;
    }

    /** What the model's features of a column are: several for the categories of a text column. */
    private static List<Integer> features(String name, DataSource source) {
        List<Integer> features = new ArrayList<>();
        if (!(source instanceof FeatureSource table)) {
            InvalidInputException.require(
                    name.matches("\\d{1,9}")
                            && Integer.parseInt(name) >= 1
                            && Integer.parseInt(name) <= source.columns(),
                    "--penalty-factor names the column '%s', but the columns of %s have no names: give a number from 1"
                            + " to %d",
                    name,
                    source.name(),
                    source.columns());
            return List.of(Integer.parseInt(name) - 1);
        }
        List<String> names = new ArrayList<>();
        int from = 0;
        for (FittedColumn column : table.preprocessor().columns()) {
            String found = column.column().name();
            for (int i = 0; i < column.features() && found.equals(name); i++) {
                features.add(from + i);
            }
            if (column.features() > 0) {
                names.add(found);
            }
            from += column.features();
        }
        InvalidInputException.require(
                !features.isEmpty(),
                "--penalty-factor names the column '%s', but the model learns from the columns %s",
                name,
                ColumnNames.list(names));
        return features;
    }
}
