package io.heddle.cli.options;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The column of row weights. A picocli mixin. */
public final class WeightFlags {
    @Option(
            names = "--weights",
            paramLabel = "COLUMN",
            description = "Column of row weights, 0 or more: a row with weight 2 counts as two rows. Not a feature.")
    private String column;

    /** Returns the options, with the column left out of the values. */
    public DataOptions reading(DataOptions given) {
        ColumnRoles roles = given.roles();
        Optional<String> weights = Optional.ofNullable(column).or(roles::weights);
        return given.withRoles(roles.withWeights(weights));
    }

    /**
     * Returns the weights of rows that were read with these options, or null for equal weights.
     *
     * @throws InvalidInputException if the data are not a table
     */
    public double[] of(DataSource source) {
        InvalidInputException.require(
                column == null || source.weights().isPresent(),
                "--weights names the column '%s', but %s is not a table with named columns (CSV, TSV or Parquet)",
                column,
                source.name());
        return column == null ? null : source.weights().get();
    }
}
