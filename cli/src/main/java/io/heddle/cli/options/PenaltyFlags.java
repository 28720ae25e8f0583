package io.heddle.cli.options;

import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.data.rows.NearestWord;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.Provenance;
import io.heddle.preprocessing.FittedColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options for the norm and the column factors of the penalty of a logistic regression. A picocli mixin. */
public final class PenaltyFlags {
    @Option(
            names = "--penalty-factor",
            paramLabel = "COLUMN=F,...",
            description = "Multiply lambda by F, 0 or more, for the weights of a column; 0 leaves the column without a "
                    + "penalty. Other columns have the factor 1. In data without column names, COLUMN is a number "
                    + "from 1 on.")
    private String factors;

    @Option(
            names = "--grouped",
            description =
                    "Penalize the Euclidean norm of a feature's weights in all classes in place of the L1 norm, so "
                            + "that the model uses a feature in all classes or in none. Needs an L1 share above 0. The "
                            + "categories of a text column are features of their own.")
    private boolean grouped;

    /** Returns whether there are factors for single columns. */
    public boolean namesColumns() {
        return factors != null;
    }

    /** Returns whether any of the options was set. */
    public boolean given() {
        return factors != null || grouped;
    }

    /** Returns the name of the option that was set. */
    public String flag() {
        return grouped ? "--grouped" : "--penalty-factor";
    }

    /** Returns whether the penalty is grouped by column. */
    public boolean grouped() {
        return grouped;
    }

    /**
     * Validates the options before the data are read.
     *
     * @param l1Ratio the largest share of the L1 norm
     * @param flag the option that sets it
     * @throws InvalidInputException if an option would have no effect
     */
    public void check(double l1Ratio, String flag) {
        InvalidInputException.require(
                !grouped || l1Ratio > 0,
                "--grouped has no effect without a share of the L1 norm: add %s, as in %s 1, or leave out --grouped",
                flag,
                flag);
    }

    /**
     * Returns the options with the norm and the factors of the columns.
     *
     * @throws InvalidInputException if there is no such column, or a factor is not a number of at least 0
     */
    public LogisticRegression.Options apply(LogisticRegression.Options options, DataSource source) {
        LogisticRegression.Options normed = options.withGrouped(grouped);
        return factors == null ? normed : normed.withPenaltyFactors(byFeature(source));
    }

    /** Writes the given options to the model file. */
    public Provenance record(Provenance provenance) {
        Provenance normed = grouped ? provenance.withOption("grouped", "true") : provenance;
        return factors == null ? normed : normed.withOption("penaltyFactor", factors);
    }

    private Map<Integer, Double> byFeature(DataSource source) {
        Map<Integer, Double> result = new HashMap<>();
        for (String part : ColumnNames.split(factors)) {
            int at = part.lastIndexOf('=');
            InvalidInputException.require(
                    at > 0,
                    "--penalty-factor must be COLUMN=F,... as in --penalty-factor age=0,income=2, not '%s'",
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

    /** Returns the features of a column: several for the categories of a text column. */
    private static List<Integer> features(String name, DataSource source) {
        List<Integer> features = new ArrayList<>();
        if (!(source instanceof FeatureSource table)) {
            InvalidInputException.require(
                    name.matches("\\d{1,9}")
                            && Integer.parseInt(name) >= 1
                            && Integer.parseInt(name) <= source.columns(),
                    "--penalty-factor names the column '%s', but the columns of %s have no names: use a number from 1"
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
                "--penalty-factor names the column '%s', but the features are the columns %s%s",
                name,
                ColumnNames.list(names),
                NearestWord.question(name, names));
        return features;
    }
}
