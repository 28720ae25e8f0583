package io.heddle.cli.options;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The column that says how much a row counts. A picocli mixin. */
public final class WeightFlags {
    @Option(
            names = "--weights",
            paramLabel = "COLUMN",
            description =
                    "Column of a table that says how much each row counts, 0 or more: a row of weight 2 counts as "
                            + "two rows. It is no value.")
    private String column;

    /** The options, with the column left out of the values. */
    public DataOptions reading(DataOptions given) {
        ColumnRoles roles = given.roles();
        Optional<String> weights = Optional.ofNullable(column).or(roles::weights);
        return given.withRoles(roles.withWeights(weights));
    }

    /**
     * The weights of rows that were read with these options, or null where all count alike.
     *
     * @throws InvalidInputException if the data are no table
     */
    public double[] of(DataSource source) {
        InvalidInputException.require(
                column == null || source.weights().isPresent(),
                "--weights names the column '%s', but %s is no table with named columns (CSV, TSV or Parquet)",
                column,
                source.name());
        return column == null ? null : source.weights().get();
    }
}
